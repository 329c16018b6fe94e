"""What all actions of the room say to whoever comes second."""


class MovedOn(Exception):
    """Somebody else has changed it meanwhile. Nothing was written."""
