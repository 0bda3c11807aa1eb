"""Formulas: parser, automatic differentiation, interval arithmetic, printers."""
