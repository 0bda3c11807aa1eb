"""Descents, batches of descents, and their outcomes."""
