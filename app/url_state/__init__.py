"""The state of the page as a URL: parameters, parsing, defaults."""
