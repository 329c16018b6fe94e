"""Forms and searches of the training room. They validate, and never act."""
