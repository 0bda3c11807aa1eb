"""The page: links to pictures, with the mathematics in ``losses``."""
