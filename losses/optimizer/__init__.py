"""Optimizers as pure update rules, and learning-rate schedules."""
