"""Figures as data, made by pure functions from problems, surfaces, certificates and runs.

A figure is a ``FigureSpec``. Its ``data`` and ``layout`` depend on
the problem only. ``moving`` is a list of traces that depend on the run and the
step: each gives the names of arrays of the run and the name of the slice of
them that a step shows (see ``step_slices``). A new run therefore needs only new
arrays, and playing the run needs only other slices of the same arrays.
"""
