"""Certificates of problems with kinks."""
