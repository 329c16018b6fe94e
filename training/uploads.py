"""Which files a course may hold, how large they may be, and under which names they are kept."""

from pathlib import PurePath
from typing import Any

from training.models import Lesson

MEGABYTE = 1_000_000
MOST_PICTURE = 5
MOST_DOWNLOAD = 50
MOST_VIDEO = 300
VIDEOS = {".mp4": "video/mp4", ".webm": "video/webm"}
DOWNLOADS = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".mp3": "audio/mpeg",
}


def allowed(kind: str) -> tuple[dict[str, str], int]:
    """Ending → content type, and how many megabytes, of the file of a lesson of the kind."""
    if kind == Lesson.Kind.VIDEO:
        return VIDEOS, MOST_VIDEO
    return (DOWNLOADS, MOST_DOWNLOAD) if kind == Lesson.Kind.DOWNLOAD else ({}, 0)


def content_type_of(name: str, kinds: dict[str, str]) -> str | None:
    """By the ending of the name; None where it is none of the kinds."""
    return kinds.get(PurePath(name).suffix.lower())


def file_name(raw: str) -> str:
    """The name of an uploaded file as it is kept: no folders, nothing invisible."""
    name = PurePath(raw.replace("\\", "/")).name
    shown = "".join(character for character in name if character.isprintable()).strip()[:150]
    return shown if shown.strip(". ") else "file"


def is_too_large(file: Any, megabytes: int) -> bool:
    return int(file.size) > megabytes * MEGABYTE
