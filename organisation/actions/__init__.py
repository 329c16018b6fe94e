"""Changes of state in the organisation room, a module for each subject."""
