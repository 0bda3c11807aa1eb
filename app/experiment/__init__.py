"""The problem, surface, certificate and runs that a state describes."""
