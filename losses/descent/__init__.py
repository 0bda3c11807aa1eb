"""Optimizer runs, batches of runs, and how they ended."""
