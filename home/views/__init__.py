"""Pages of the home room: the public charter, what goes out of it, and My work."""
