"""The types of everything that passes between server and browser.

``tools/protocol.py`` writes their JSON Schema and the types of the browser modules from them.
"""
