"""Addresses of the training room."""

from django.urls import path

from training.views import certificates, know, learn, question_files, quiz, sessions

app_name = "training"
_lesson = "training/assignments/<slug:reference>/lessons/<slug:key>/"

urlpatterns = [
    # for learners
    path("training/", learn.mine, name="mine"),
    path("training/assignments/<slug:reference>/", learn.assignment, name="assignment"),
    path("training/assignments/<slug:reference>/renew/", learn.renew, name="renew"),
    path("training/assignments/<slug:reference>/go-on/", learn.go_on, name="go_on"),
    path(_lesson, learn.lesson, name="lesson"),
    path(f"{_lesson}finish/", learn.lesson_finish, name="lesson_finish"),
    path(f"{_lesson}reply/", learn.lesson_reply, name="lesson_reply"),
    path(f"{_lesson}restart/", learn.lesson_restart, name="lesson_restart"),
    path(f"{_lesson}tick/", learn.lesson_tick, name="lesson_tick"),
    path(f"{_lesson}file/", learn.lesson_file, name="lesson_file"),
    path(f"{_lesson}seat/", sessions.seat_book, name="seat_book"),
    path(f"{_lesson}seat/give-up/", sessions.seat_give_up, name="seat_give_up"),
    path("training/sessions/<slug:reference>/calendar/", sessions.session_calendar, name="session_calendar"),
    # quiz
    path("training/assignments/<slug:reference>/attempts/start/", quiz.attempt_start, name="attempt_start"),
    path("training/attempts/<slug:reference>/", quiz.attempt, name="attempt"),
    path("training/attempts/<slug:reference>/answer/", quiz.attempt_answer, name="attempt_answer"),
    path("training/attempts/<slug:reference>/submit/", quiz.attempt_submit, name="attempt_submit"),
    # questions of a course, in and out
    path(
        "training/courses/<slug:key>/questions/import/",
        question_files.questions_import,
        name="questions_import",
    ),
    path(
        "training/courses/<slug:key>/questions/import/<slug:reference>/",
        question_files.questions_review,
        name="questions_review",
    ),
    path(
        "training/courses/<slug:key>/questions/export/",
        question_files.questions_export,
        name="questions_export",
    ),
    # know our charter
    path("training/know-our-charter/", know.know_list, name="know_list"),
    path("training/know-our-charter/<slug:unit>/<int:number>/", know.know_detail, name="know_detail"),
    # what one holds
    path("training/transcript/", certificates.transcript, name="transcript"),
    path("training/transcript/pdf/", certificates.transcript_pdf, name="transcript_pdf"),
    path("training/certificates/<slug:reference>/pdf/", certificates.certificate_pdf, name="certificate_pdf"),
    path("certificates/<slug:reference>/", certificates.certificate, name="certificate"),
]
