"""Shared by every package: element ids, limits, caches and metrics."""
