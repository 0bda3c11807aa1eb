"""Certificates of losses with kinks."""
