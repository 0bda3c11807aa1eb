"""Developer tools, which ``make`` runs; not part of the installed package."""
