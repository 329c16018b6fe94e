"""Addresses of the training room."""

from django.urls import path

from training.course_urls import urlpatterns as course_patterns
from training.views import certificates, learn, quiz, sessions

app_name = "training"
_lesson = "training/assignments/<slug:reference>/lessons/<slug:key>/"

urlpatterns = [
    *course_patterns,
    # for learners
    path("training/", learn.mine, name="mine"),
    path("training/assignments/<slug:reference>/", learn.assignment, name="assignment"),
    path("training/assignments/<slug:reference>/go-on/", learn.go_on, name="go_on"),
    path(_lesson, learn.lesson, name="lesson"),
    path(f"{_lesson}finish/", learn.lesson_finish, name="lesson_finish"),
    path(f"{_lesson}reply/", learn.lesson_reply, name="lesson_reply"),
    path(f"{_lesson}restart/", learn.lesson_restart, name="lesson_restart"),
    path(f"{_lesson}tick/", learn.lesson_tick, name="lesson_tick"),
    path(f"{_lesson}captions/", learn.lesson_captions, name="lesson_captions"),
    path(f"{_lesson}file/", learn.lesson_file, name="lesson_file"),
    path(f"{_lesson}seat/", sessions.seat_book, name="seat_book"),
    path(f"{_lesson}seat/give-up/", sessions.seat_give_up, name="seat_give_up"),
    path("training/sessions/<slug:reference>/calendar/", sessions.session_calendar, name="session_calendar"),
    # quiz
    path("training/assignments/<slug:reference>/attempts/start/", quiz.attempt_start, name="attempt_start"),
    path("training/attempts/<slug:reference>/", quiz.attempt, name="attempt"),
    path("training/attempts/<slug:reference>/answer/", quiz.attempt_answer, name="attempt_answer"),
    path("training/attempts/<slug:reference>/submit/", quiz.attempt_submit, name="attempt_submit"),
    # what one holds
    path("training/transcript/", certificates.transcript, name="transcript"),
    path("training/transcript/pdf/", certificates.transcript_pdf, name="transcript_pdf"),
    path("training/certificates/<slug:reference>/pdf/", certificates.certificate_pdf, name="certificate_pdf"),
    path("certificates/<slug:reference>/", certificates.certificate, name="certificate"),
]
