"""PostgreSQL as Django speaks to it, but for when it asks whether a connection still stands."""
