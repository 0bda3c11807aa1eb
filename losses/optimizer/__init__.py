"""Optimizers: update rules as functions and as text, and learning-rate schedules."""
