"""The live class: a teacher asks, every phone answers, and the wall shows what the class thought.

Nothing else of the application imports this package, except ``app/server.py``, which adds its routes.
"""
