"""Forms of the feedback room, a module for each subject."""
