"""Pure functions from the mathematics to plain Plotly dicts.

A figure is ``{"data", "moving", "layout"}``. ``data`` stands still as long as
the problem does. ``moving`` traces follow the playhead: each names the arrays
of a run that it shows and the slice of them that belongs to a step, so a new
run is only new arrays and playing is only another slice.
"""
