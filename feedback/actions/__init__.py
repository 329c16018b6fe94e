"""Changes of state in the feedback room, a module for each subject."""
