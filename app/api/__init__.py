"""Routes beside the Dash callback: previews, uploads, exports, teacher notes."""
