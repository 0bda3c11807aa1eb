"""Read tables from pasted text and files: bytes, text, rows and names, columns of a dataset."""
