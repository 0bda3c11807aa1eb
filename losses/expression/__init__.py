"""Formulas as expression trees: parser, automatic differentiation, interval arithmetic, printers."""
