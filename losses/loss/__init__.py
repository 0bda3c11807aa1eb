"""Losses of one example: value, derivatives and properties."""
