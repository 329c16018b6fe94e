"""The room for who our customers are, what they need and expect, and how many we served."""
