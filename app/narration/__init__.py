"""Text that describes an experiment: sentences, step text, tables, alternative text."""
