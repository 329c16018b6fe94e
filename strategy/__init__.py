"""The room for gaps, actions and reviews. Nothing lives here yet."""
