"""Pages of the feedback room: for customers (card) and for the desk."""
