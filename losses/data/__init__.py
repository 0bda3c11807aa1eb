"""Datasets: real ones with their source, synthetic ones by seeded generators."""
