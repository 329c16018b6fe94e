"""Addresses of the catalogue of courses and of the editor."""

from django.urls import path

from training.views import course_import, courses, editor, lessons, preview, questions, release

_course = "training/courses/<slug:key>/"
_draft = f"{_course}draft/"
_module = f"{_draft}modules/<slug:module>/"
_lesson = f"{_draft}lessons/<slug:lesson>/"
_question = f"{_course}questions/<slug:question>/"

urlpatterns = [
    path("training/courses/", courses.course_list, name="course_list"),
    path("training/new-course/", courses.course_add, name="course_add"),
    path("training/course-file/", course_import.course_import, name="course_import"),
    path("training/library/<slug:key>/", courses.library_take_in, name="library_take_in"),
    path("training/pictures/<slug:reference>/", preview.picture, name="picture"),
    path(_course, courses.course, name="course"),
    path(f"{_course}copy/", courses.course_copy, name="course_copy"),
    path(f"{_course}archive/", courses.course_archive, name="course_archive"),
    path(f"{_course}restore/", courses.course_restore, name="course_restore"),
    path(f"{_course}file/", courses.course_file, name="course_file"),
    path(f"{_course}edit/", editor.course_edit, name="course_edit"),
    path(f"{_course}pictures/", lessons.picture_list, name="picture_list"),
    path(f"{_course}release/", release.release, name="release"),
    # the draft
    path(_draft, editor.draft, name="draft"),
    path(f"{_draft}order/", editor.parts_order, name="parts_order"),
    path(f"{_draft}modules/", editor.module_add, name="module_add"),
    path(f"{_module}edit/", editor.module_edit, name="module_edit"),
    path(f"{_module}move/", editor.part_move, name="module_move"),
    path(f"{_module}archive/", editor.part_archive, name="module_archive"),
    path(f"{_module}restore/", editor.part_restore, name="module_restore"),
    path(f"{_module}add/<slug:kind>/", lessons.lesson_add, name="lesson_add"),
    path(f"{_lesson}edit/", lessons.lesson_edit, name="lesson_edit"),
    path(f"{_lesson}move/", editor.part_move, name="lesson_move"),
    path(f"{_lesson}archive/", editor.part_archive, name="lesson_archive"),
    path(f"{_lesson}restore/", editor.part_restore, name="lesson_restore"),
    # how it asks
    path(f"{_draft}quiz/", questions.quiz_edit, name="quiz_edit"),
    path(f"{_draft}quiz/remove/", questions.quiz_remove, name="quiz_remove"),
    path(f"{_course}questions/", questions.question_list, name="question_list"),
    path(f"{_course}new-question/<slug:kind>/", questions.question_add, name="question_add"),
    path(f"{_question}edit/", questions.question_edit, name="question_edit"),
    path(f"{_question}archive/", questions.question_archive, name="question_archive"),
    path(f"{_question}restore/", questions.question_restore, name="question_restore"),
    # as the learner sees it
    path(f"{_course}preview/", preview.course_preview, name="course_preview"),
    path(f"{_course}preview/lessons/<slug:lesson>/", preview.lesson_preview, name="lesson_preview"),
    path(
        f"{_course}preview/lessons/<slug:lesson>/file/",
        preview.lesson_file_preview,
        name="lesson_file_preview",
    ),
    path(
        f"{_course}preview/lessons/<slug:lesson>/captions/",
        preview.lesson_captions_preview,
        name="lesson_captions_preview",
    ),
    path(f"{_course}preview/questions/<slug:question>/", preview.question_preview, name="question_preview"),
]
