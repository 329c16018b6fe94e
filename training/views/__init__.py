"""The pages of the training room."""
