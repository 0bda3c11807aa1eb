"""Losses of one prediction, their derivatives and their properties."""
