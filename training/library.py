"""The courses that come with the product (docs/library.md), to begin with."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from training.course_file import CourseFile, read_course
from training.models import Course

FOLDER = Path(__file__).parent / "library"


@dataclass(frozen=True)
class LibraryCourse:
    """One of them, as its file says it."""

    file: CourseFile

    @property
    def key(self) -> str:
        return self.file.key

    @property
    def must_fill(self) -> int:
        """How many lessons the organisation has to write its own part of."""
        return sum(lesson.must_fill and not lesson.is_filled for lesson in self.file.lessons())


@lru_cache(maxsize=1)
def library() -> dict[str, LibraryCourse]:
    """Key → course. The files are read once a process."""
    courses = [LibraryCourse(read_course(path.read_bytes())) for path in sorted(FOLDER.glob("*.toml"))]
    return {course.key: course for course in courses}


def not_taken_in() -> list[LibraryCourse]:
    """Those of which there is no course of this key yet."""
    taken = set(Course.objects.filter(key__in=library()).values_list("key", flat=True))
    return [course for key, course in library().items() if key not in taken]
