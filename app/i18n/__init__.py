"""Translation of the page's texts, and a catalogue of each language."""
