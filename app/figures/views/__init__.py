"""The views of the data card and of the detail card: a module for each figure or table, and both lists."""
