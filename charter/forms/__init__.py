"""Forms of the charter room: they validate, they never act."""
