"""Addresses of the training room."""

from django.urls import path

from training.course_urls import urlpatterns as course_patterns
from training.views import (
    assigning,
    attendance,
    certificates,
    compliance,
    difficulty,
    know,
    learn,
    look_after,
    marking,
    matrix,
    measured,
    meetings,
    practice,
    question_files,
    quiz,
    rules,
    sessions,
)

app_name = "training"
_assignment = "training/assignments/<slug:reference>/"
_lesson = f"{_assignment}lessons/<slug:key>/"
_session = "training/sessions/<slug:reference>/"

urlpatterns = [
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
    *course_patterns,
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
    path(f"{_lesson}captions/", learn.lesson_captions, name="lesson_captions"),
    path(f"{_lesson}file/", learn.lesson_file, name="lesson_file"),
    path(f"{_lesson}seat/", sessions.seat_book, name="seat_book"),
    path(f"{_lesson}seat/give-up/", sessions.seat_give_up, name="seat_give_up"),
    path("training/sessions/<slug:reference>/calendar/", sessions.session_calendar, name="session_calendar"),
    # how everybody stands
    path("training/matrix/", matrix.matrix, name="matrix"),
    path("training/matrix/export/", matrix.matrix_export, name="matrix_export"),
    path("training/matrix/files/<slug:reference>/", matrix.matrix_file, name="matrix_file"),
    path("training/compliance/", compliance.compliance, name="compliance"),
    path("training/hard-questions/", difficulty.hard_questions, name="hard_questions"),
    path("training/measures/", measured.measured_list, name="measured_list"),
    path("training/measures/<slug:key>/", measured.measured_edit, name="measured_edit"),
    # quiz
    path("training/assignments/<slug:reference>/attempts/start/", quiz.attempt_start, name="attempt_start"),
    path("training/attempts/<slug:reference>/", quiz.attempt, name="attempt"),
    path("training/attempts/<slug:reference>/answer/", quiz.attempt_answer, name="attempt_answer"),
    path("training/attempts/<slug:reference>/submit/", quiz.attempt_submit, name="attempt_submit"),
    # know our charter
    path("training/know-our-charter/", know.know_list, name="know_list"),
    path("training/know-our-charter/<slug:unit>/<int:number>/", know.know_detail, name="know_detail"),
    # for managers: giving out
    path("training/assign/", assigning.assign_start, name="assign_start"),
    path("training/assigned/<slug:reference>/", assigning.assigned, name="assigned"),
    path("training/courses/<slug:key>/assign/", assigning.course_assign, name="course_assign"),
    path("training/rules/", rules.rule_list, name="rules"),
    path("training/rules/add/", rules.rule_add, name="rule_add"),
    path("training/rules/<slug:reference>/", rules.rule, name="rule"),
    path("training/rules/<slug:reference>/edit/", rules.rule_edit, name="rule_edit"),
    path("training/rules/<slug:reference>/end/", rules.rule_end, name="rule_end"),
    # for managers: looking after
    path("training/people/<slug:reference>/", look_after.person, name="person"),
    path(f"{_assignment}manage/", look_after.manage, name="manage"),
    path(f"{_assignment}extend/", look_after.extend, name="extend"),
    path(f"{_assignment}waive/", look_after.waive, name="waive"),
    path(f"{_assignment}waiver-end/", look_after.waiver_end, name="waiver_end"),
    path(f"{_assignment}renew-now/", look_after.renew, name="renew_now"),
    path(f"{_assignment}practice/<slug:key>/", practice.practice_note, name="practice_note"),
    path("training/attempts/<slug:reference>/answers/", look_after.attempt_answers, name="attempt_answers"),
    path("training/marking/", marking.marking, name="marking"),
    path("training/marking/<slug:reference>/<int:position>/", marking.mark, name="mark"),
    path(
        "training/marking/<slug:reference>/<int:position>/correct/", marking.mark_correct, name="mark_correct"
    ),
    path("training/practice/", practice.practice, name="practice"),
    path("training/sessions/", meetings.session_list, name="sessions"),
    path("training/sessions/add/", meetings.session_add, name="session_add"),
    path(_session, attendance.session, name="session"),
    path(f"{_session}edit/", meetings.session_edit, name="session_edit"),
    path(f"{_session}cancel/", meetings.session_cancel, name="session_cancel"),
    path(f"{_session}attendance/", attendance.attendance, name="session_attendance"),
    path(f"{_session}give-seat/", attendance.seat_give, name="seat_give"),
    path(f"{_session}free-seat/", attendance.seat_take_back, name="seat_take_back"),
    path(f"{_session}sheet/", attendance.sheet, name="session_sheet"),
    # what one holds
    path("training/transcript/", certificates.transcript, name="transcript"),
    path("training/transcript/pdf/", certificates.transcript_pdf, name="transcript_pdf"),
    path("training/certificates/<slug:reference>/pdf/", certificates.certificate_pdf, name="certificate_pdf"),
    path("certificates/", certificates.certificate_check, name="certificate_check"),
    path("certificates/<slug:reference>/", certificates.certificate, name="certificate"),
]
