"""Certificates: the optimum and the curvature of a problem, with what is proved about them."""
