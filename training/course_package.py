"""A course with its pictures and uploads as one .zip (docs/course-format.md), written and read.

Nothing is unpacked onto the disk: a member is read from the archive, at most as many bytes as it declares,
and what it declares is held against the limits before the first byte is read.
"""

import hashlib
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from common.markdown import pictures_in
from organisation.forms.installation import picture_type
from organisation.models import Attachment
from training.course_file import MOST_BYTES, CourseFile, FileRefused, read_course
from training.course_writing import write_course
from training.models import CourseVersion
from training.table import SLUG, Problem
from training.uploads import MEGABYTE, MOST_PICTURE, allowed, content_type_of, file_name

COURSE = "course.toml"
MOST_PACKAGE = 400
MOST_MEMBERS = 300
START = b"PK\x03\x04"
_PICTURE = re.compile(r"pictures/([A-Za-z0-9_-]{1,20})/([^/]+)")
_FILE = re.compile(rf"files/({SLUG.pattern})/([^/]+)")
_SHOWN = re.compile(r"picture:([A-Za-z0-9_-]{1,20})")
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_LONGEST_END = 65_557
_LONGEST_ENTRY = 1_000
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error)


@dataclass(frozen=True)
class Carried:
    """One picture or file: where it lies in the archive, and as what it is kept."""

    member: str
    name: str
    content_type: str
    sha256: str


@dataclass(frozen=True)
class Package:
    """A course with what it carries: pictures by their reference in the texts, files by key of the lesson."""

    course: CourseFile
    archive: Any = None
    pictures: dict[str, Carried] = field(default_factory=dict)
    files: dict[str, Carried] = field(default_factory=dict)

    @contextmanager
    def opened(self, carried: Carried) -> "Iterator[File[bytes]]":
        """The bytes of one of the carried, on a file of their own."""
        with zipfile.ZipFile(self.archive) as archive, TemporaryFile() as copy:
            with archive.open(carried.member) as member:
                shutil.copyfileobj(member, copy)
            copy.seek(0)
            yield File(copy, name=carried.name)

    def with_pictures(self, references: dict[str, str]) -> CourseFile:
        """The course with its pictures under the references that they have here."""

        def here(found: re.Match[str]) -> str:
            return f"picture:{references.get(found[1], found[1])}"

        def of(course: CourseFile) -> CourseFile:
            modules = [
                replace(
                    module,
                    lessons=[replace(each, body=_SHOWN.sub(here, each.body)) for each in module.lessons],
                )
                for module in course.modules
            ]
            return replace(course, modules=modules, translations=[of(each) for each in course.translations])

        return of(self.course)


# ------------------------------------------------------------------ writing


def carries_files(version: CourseVersion, course: CourseFile) -> bool:
    """Is there anything that the text alone would leave behind?"""
    return bool(_files_of(version) or _pictures_of(version, course))


def _files_of(version: CourseVersion) -> dict[str, Attachment]:
    return {lesson.key: lesson.file for lesson in version.lessons() if lesson.file}


def _pictures_of(version: CourseVersion, course: CourseFile) -> list[Attachment]:
    lessons = [lesson for each in (course, *course.translations) for lesson in each.lessons()]
    shown = {reference for lesson in lessons for _words, reference in pictures_in(lesson.body)}
    rows = version.course.pictures.filter(file__reference__in=shown).select_related("file")
    return [row.file for row in rows]


def write_package(version: CourseVersion, course: CourseFile, out: "IO[bytes]") -> None:
    """The archive of the version, told as that file, that `read_package` reads back."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(COURSE, write_course(course))
        for picture in _pictures_of(version, course):
            _write(archive, f"pictures/{picture.reference}/{file_name(picture.name)}", picture)
        for key, file in _files_of(version).items():
            _write(archive, f"files/{key}/{file_name(file.name)}", file)


def _write(archive: zipfile.ZipFile, member: str, attachment: Attachment) -> None:
    """Pictures and videos are packed already: they are stored as they are."""
    with attachment.file.open("rb") as source, archive.open(zipfile.ZipInfo(member), "w") as copy:
        shutil.copyfileobj(source, copy)


# ------------------------------------------------------------------ reading


def read_package(file: Any) -> Package:
    """The course in the file, a .zip or the .toml alone. Raises FileRefused with every fault."""
    file.seek(0)
    if file.read(len(START)) != START:
        file.seek(0)
        raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            most = {"most": MOST_BYTES // MEGABYTE}
            raise _refused(_("The file is too large: at most %(most)s MB.") % most)
        return Package(read_course(raw))
    _refuse_bombs(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive, file)
    except _BROKEN:
        raise _refused(_("The archive is damaged, or packed in a way that is not read here.")) from None


def _refused(reason: str, where: str = "") -> FileRefused:
    return FileRefused([Problem(where, reason)])


def _refuse_bombs(file: Any) -> None:
    """The list of members is measured before it is read: a small file may declare millions of them."""
    size = file.seek(0, 2)
    if size > MOST_PACKAGE * MEGABYTE:
        raise _refused(_("The file is too large: at most %(most)s MB.") % {"most": MOST_PACKAGE})
    file.seek(max(0, size - _LONGEST_END))
    tail = file.read(_LONGEST_END)
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + 22 or _END_64 in tail[max(0, place - 20) : place]:
        raise _refused(_("The archive is damaged, or packed in a way that is not read here."))
    members, length = struct.unpack("<H", tail[place + 10 : place + 12])[0], tail[place + 12 : place + 16]
    if members > MOST_MEMBERS or struct.unpack("<L", length)[0] > MOST_MEMBERS * _LONGEST_ENTRY:
        raise _refused(_("The archive holds more than %(most)s files.") % {"most": MOST_MEMBERS})


def _read(archive: zipfile.ZipFile, file: Any) -> Package:
    members = [member for member in archive.infolist() if not member.is_dir()]
    _refuse_strangers(members)
    sizes = {member.filename: member.file_size for member in members}
    if COURSE not in sizes:
        raise _refused(_("There is no “%(name)s” in the archive.") % {"name": COURSE})
    if sizes[COURSE] > MOST_BYTES:
        raise _refused(_("The file is larger than %(most)s bytes.") % {"most": MOST_BYTES}, COURSE)
    with archive.open(COURSE) as packed:  # never more than was asked for, whatever it declares
        course = read_course(packed.read(MOST_BYTES + 1))
    problems: list[Problem] = []
    package = Package(course, file)
    kinds = {lesson.key: lesson.kind for lesson in course.lessons()}
    for member in members:
        if found := _PICTURE.fullmatch(member.filename):
            told = _picture(archive, member, found[2], problems)
            package.pictures.update({found[1]: told} if told else {})
        elif found := _FILE.fullmatch(member.filename):
            told = _file(archive, member, found[2], kinds.get(found[1], ""), problems)
            package.files.update({found[1]: told} if told else {})
    if problems:
        raise FileRefused(problems)
    return package


def _refuse_strangers(members: list[zipfile.ZipInfo]) -> None:
    """Names that are no names here, what is packed or locked in other ways, and too much of it."""
    problems, seen = [], set[str]()
    for member in members:
        name = member.filename
        shown = file_name(name)[:80]
        found = _PICTURE.fullmatch(name) or _FILE.fullmatch(name)
        if name != COURSE and not (found and found[2] == file_name(found[2])):
            problems.append(Problem(shown, _("A file of this name has no place in a course.")))
        elif name in seen:
            problems.append(Problem(shown, _("It stands twice in the archive.")))
        elif member.flag_bits & 1 or member.compress_type not in _READABLE:
            problems.append(Problem(shown, _("It is locked, or packed in a way that is not read here.")))
        seen.add(name)
    if sum(member.file_size for member in members) > MOST_PACKAGE * MEGABYTE:
        reason = _("Unpacked, it would be larger than %(most)s MB.") % {"most": MOST_PACKAGE}
        problems.append(Problem("", reason))
    if problems:
        raise FileRefused(problems)


def _picture(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, problems: list[Problem]
) -> Carried | None:
    if _is_too_large(member, name, MOST_PICTURE, problems):
        return None
    with archive.open(member) as opened:
        content_type = picture_type(opened.read(12))
    if content_type is None:
        problems.append(Problem(name, _("This is no PNG, JPEG or WebP picture.")))
        return None
    return Carried(member.filename, name, content_type, _digest(archive, member))


def _file(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, kind: str, problems: list[Problem]
) -> Carried | None:
    kinds, most = allowed(kind)
    content_type = content_type_of(name, kinds)
    if not kinds:
        problems.append(Problem(name, _("It belongs to no lesson that shows a file.")))
    elif content_type is None:
        known = ", ".join(each[1:].upper() for each in kinds)
        problems.append(Problem(name, _("Only these kinds of files: %(kinds)s.") % {"kinds": known}))
    elif not _is_too_large(member, name, most, problems):
        return Carried(member.filename, name, content_type, _digest(archive, member))
    return None


def _is_too_large(member: zipfile.ZipInfo, name: str, most: int, problems: list[Problem]) -> bool:
    if member.file_size <= most * MEGABYTE:
        return False
    problems.append(Problem(name, _("The file is too large: at most %(most)s MB.") % {"most": most}))
    return True


def _digest(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    """Read to the end, which also holds the bytes against the archive's own sum."""
    digest = hashlib.sha256()
    with archive.open(member) as opened:
        while chunk := opened.read(MEGABYTE):
            digest.update(chunk)
    return digest.hexdigest()
