"""Servers and browsers that both the tools and the tests start."""
