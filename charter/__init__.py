"""Charters, values, standards, measures and goals, editions, recorded results."""
