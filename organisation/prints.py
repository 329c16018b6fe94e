"""What printed things of every room share: the organisation's logo, as far as it can be printed."""

from common.pdf import Images
from organisation.models import Attachment

LARGEST_LOGO = 1_000_000  # bytes


def logo_of(reference: str) -> Images:
    """The logo's file under the name `logo`; nothing where it is missing or too large to print."""
    found = Attachment.objects.filter(reference=reference).first() if reference else None
    if found is None or found.size > LARGEST_LOGO:
        return {}
    try:
        with found.file.open("rb") as content:
            return {"logo": content.read()}
    except FileNotFoundError:
        return {}
