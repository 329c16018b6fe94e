"""What a course file would do, reckoned without writing: a look keeps nobody else from writing."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organisation.models import Unit
from training.actions.course_words import FACTS
from training.actions.import_course import (
    keeps_own_words,
    missing_links,
    own_words_kept,
    questions_kept,
    refuse_other_parts,
    refuse_strange_questions,
    standards_of,
    values_of,
    words_of_our_own,
)
from training.actions.wordings import waits_anew
from training.course_file import CourseFile
from training.fitness import (
    ADDED,
    CHANGED,
    SETTINGS,
    Change,
    Outline,
    Told,
    changes_between,
    outline_of,
    waiting_questions,
)
from training.models import Course, CourseText, CourseVersion, Question, QuestionBank


@dataclass
class ImportPlan:
    """What the reader of the page should know, and what the release afterwards would change."""

    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    is_compared: bool = False
    """There is something taught that the file was compared with."""
    course: list[Change] = field(default_factory=list)
    """What holds at once, without a release: the course's own words, facts and links."""


def plan_course(file: CourseFile, *, unit: Unit) -> ImportPlan:
    """What `import_course` would do with the file. Raises FileRefused where that would."""
    course = Course.objects.filter(key=file.key).select_related("unit").first()
    base = (course.draft() or course.current_version()) if course else None
    if course is None or base is None:
        return ImportPlan(missing_links(unit, file))
    return _Planner(course, CourseVersion.objects.with_parts().get(pk=base.pk)).plan(file)


def _title(texts: dict[str, Any]) -> str:
    """As the page says it: in its language, else in the installation's first one, else in any."""
    for code in (get_language(), settings.LANGUAGE_CODE, *texts):
        if code in texts:
            return str(texts[code]["title"])
    return ""


class _Planner:
    """Lays the words of a file over the outline of the draft, or of what is taught where there is none."""

    def __init__(self, course: Course, base: CourseVersion) -> None:
        self.course, self.base = course, base
        self.now = outline_of(base)
        self.notes: list[str] = []
        self.quiz = base.quiz if base.has_quiz() else None
        bank = QuestionBank.objects.filter(key=course.key).first()
        rows = bank.questions.prefetch_related("versions__texts") if bank else []
        self.standing: dict[str, Question] = {row.key: row for row in rows}
        self.asked = {str(each.title): each for each in waiting_questions(self.quiz)} if self.quiz else {}

    def plan(self, file: CourseFile) -> ImportPlan:
        first = self.course.language
        if file.language == first:
            self.notes += missing_links(self.course.unit, file)
            self._lay_first(file)
        else:
            refuse_other_parts(self.base, file)
            self._lay_words(file)
        for translation in file.translations:
            if translation.language == first:
                self.notes.append(words_of_our_own(self.course))
            else:
                if file.language != first:
                    refuse_other_parts(self.base, translation, is_whole=False)
                self._lay_words(translation)
        current = self.course.current_version()
        if current is None:
            return ImportPlan(self.notes, course=self._course_changes(file))
        before = outline_of(CourseVersion.objects.with_parts().get(pk=current.pk))
        changes = changes_between(before, self.now)
        return ImportPlan(
            self.notes,
            changes + list(self.asked.values()),
            is_compared=True,
            course=self._course_changes(file),
        )

    def _course_changes(self, file: CourseFile) -> list[Change]:
        standing = {row.language: row.words for row in self.course.texts.all()}
        differs = any(
            standing.get(each.language) != {name: getattr(each, name) for name in CourseText.names}
            for each in (file, *file.translations)
            if each.title and (each is file or each.language != self.course.language)
        )
        if file.language == self.course.language:
            differs = differs or self._has_other_facts(file)
        return [Change(CHANGED, _("Course"), file.title or str(self.course))] if differs else []

    def _has_other_facts(self, file: CourseFile) -> bool:
        if any(getattr(self.course, name) != getattr(file, name) for name in FACTS):
            return True
        if set(self.course.standards.all()) != set(standards_of(file.standards).values()):
            return True
        values = values_of(self.course.unit, file.values) if file.values is not None else None
        return values is not None and set(self.course.values.all()) != set(values.values())

    def _lay_first(self, file: CourseFile) -> None:
        """The file decides which parts there are, and how the quiz asks."""
        kept = {lesson.key: lesson for lesson in self.base.lessons()}
        modules: Told = {}
        lessons: Told = {}
        for module in file.modules:
            modules[module.key] = self.now.modules.get(module.key, (module.title, {}))
            for part in module.lessons:
                standing = kept.get(part.key)
                title, told = self.now.lessons.get(part.key, (part.title, (None,) * 4 + ({},)))
                if standing is None or standing.module.key != module.key:
                    told = (None, None, None, None, {})
                elif keeps_own_words(standing, part):
                    lessons[part.key] = title, told
                    continue
                lessons[part.key] = title, (module.key, part.kind, part.minutes, told[3], told[4])
        quiz: Told = {}
        if file.quiz:
            asks = {name: getattr(file.quiz, name) for name in SETTINGS}
            texts = self.now.quiz["quiz"][1][1] if self.now.quiz else {}
            quiz = {"quiz": (file.quiz.title, (asks, texts))}
        self.now = Outline(modules, lessons, quiz)
        if not quiz:
            self.asked = {}
        self._lay_words(file)
        if file.quiz and (gone := set(self.standing) - {each.key for each in file.questions}):
            self.notes.append(questions_kept(gone))

    def _lay_words(self, file: CourseFile) -> None:
        kept = {lesson.key: lesson for lesson in self.base.lessons()}
        for module in file.modules:
            if module.title:
                _old, texts = self.now.modules[module.key]
                texts = texts | {file.language: {"title": module.title}}
                self.now.modules[module.key] = _title(texts), texts
            for part in module.lessons:
                if part.key in kept and keeps_own_words(kept[part.key], part):
                    self.notes.append(own_words_kept(kept[part.key]))
                    continue
                _old, (*facts, texts) = self.now.lessons[part.key]
                words = {"title": part.title, "body": part.body, "content": part.content}
                texts = texts | {file.language: words}
                self.now.lessons[part.key] = _title(texts), (*facts, texts)
        if file.quiz and file.quiz.title:
            _old, (asks, texts) = self.now.quiz["quiz"]
            texts = texts | {file.language: {"title": file.quiz.title}}
            self.now.quiz = {"quiz": (_title(texts), (asks, texts))}
        if file.quiz:
            self._lay_questions(file)

    def _lay_questions(self, file: CourseFile) -> None:
        first = self.course.language if file.language != self.course.language else ""
        if first:
            refuse_strange_questions(self.standing, file)
        for part in file.questions:
            question = self.standing.get(part.key)
            if question is None:
                self.asked[part.text] = Change(ADDED, _("Question"), part.text)
            elif waits_anew(question, part, file.language, first=first):
                stands = str(question.latest())
                what = ADDED if question.current_id is None else CHANGED
                title = stands if first else part.text
                self.asked.pop(stands, None)
                self.asked[title] = Change(what, _("Question"), title)
