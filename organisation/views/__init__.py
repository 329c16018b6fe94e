"""Pages of the organisation room, a module for each subject."""
