"""Pages of the charter room, a module for each subject."""
