"""Certificates: what is proved about the minimum and curvature of a problem."""
