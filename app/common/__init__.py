"""Element ids, limits, caches and metrics, for every package of the app."""
