"""What printed things of every room share: the organisation's logo, as far as it can be printed."""

from common.pdf import LARGEST_PICTURE, Images
from organisation.models import Attachment


def logo_of(reference: str) -> Images:
    """The logo's file under the name `logo`; nothing where it is missing or too large to print."""
    found = Attachment.objects.filter(reference=reference).first() if reference else None
    content = found.read(largest=LARGEST_PICTURE) if found else b""
    return {"logo": content} if content else {}
