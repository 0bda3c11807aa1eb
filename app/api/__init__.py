"""Routes besides the Dash callback: previews, uploads, exports, teacher's notes."""
