"""Datasets: real ones with their source, synthetic ones from seeded generators, and standardization."""
