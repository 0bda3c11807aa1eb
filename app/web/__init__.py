"""Between the network and the page: who is let in, what is kept, what is counted and written down."""
