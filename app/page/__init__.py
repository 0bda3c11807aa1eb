"""The page: layout, scene and the Dash callback."""
