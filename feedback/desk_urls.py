"""Addresses of the desk that reads what customers said: the inbox's tools, themes, letters."""

from django.urls import path

from feedback.views import desk, feed, handling, listening, privacy, results, set_aside, themes

urlpatterns = [
    path("feedback/bulk/", handling.response_bulk, name="response_bulk"),
    path("feedback/comments/", feed.comment_feed, name="comment_feed"),
    path("feedback/listening/", listening.session_list, name="session_list"),
    path("feedback/listening/add/", listening.session_add, name="session_add"),
    path("feedback/listening/<slug:reference>/", listening.session_detail, name="session_detail"),
    path("feedback/listening/<slug:reference>/edit/", listening.session_edit, name="session_edit"),
    path("feedback/listening/<slug:reference>/archive/", listening.session_archive, name="session_archive"),
    path("feedback/listening/<slug:reference>/restore/", listening.session_restore, name="session_restore"),
    path("feedback/listening/<slug:reference>/findings/add/", listening.finding_add, name="finding_add"),
    path(
        "feedback/listening/<slug:reference>/findings/<slug:finding>/edit/",
        listening.finding_edit,
        name="finding_edit",
    ),
    path(
        "feedback/listening/<slug:reference>/findings/<slug:finding>/move/",
        listening.finding_move,
        name="finding_move",
    ),
    path("feedback/listening/<slug:reference>/files/add/", listening.file_add, name="file_add"),
    path("feedback/listening/<slug:reference>/files/<slug:file>/", listening.file_get, name="file_get"),
    path(
        "feedback/listening/<slug:reference>/files/<slug:file>/move/", listening.file_move, name="file_move"
    ),
    path("feedback/praise/", handling.praise_list, name="praise_list"),
    path("feedback/responses/<slug:reference>/assign/", handling.response_assign, name="response_assign"),
    path("feedback/responses/<slug:reference>/note/", handling.response_note, name="response_note"),
    path("feedback/responses/<slug:reference>/theme/", handling.response_theme, name="response_theme"),
    path("feedback/responses/<slug:reference>/pass-on/", handling.response_pass_on, name="response_pass_on"),
    path("feedback/views/save/", desk.view_save, name="view_save"),
    path("feedback/views/<slug:reference>/remove/", desk.view_remove, name="view_remove"),
    path("feedback/letters/", desk.letters, name="letters"),
    path("r/<slug:code>/data/", privacy.receipt_data, name="receipt_data"),
    path("feedback/retention/", privacy.retention_list, name="retention_list"),
    path("feedback/retention/person/", privacy.person_data, name="person_data"),
    path("feedback/retention/of/<slug:key>/", privacy.retention_edit, name="retention_edit"),
    path("feedback/results/", results.results_list, name="results_list"),
    path("feedback/results/<slug:key>/", results.results, name="results"),
    path("feedback/set-aside/", set_aside.set_aside_list, name="set_aside_list"),
    path("feedback/set-aside/restore/", set_aside.set_aside_restore, name="set_aside_restore"),
    path("feedback/themes/", themes.theme_list, name="theme_list"),
    path("feedback/themes/add/", themes.theme_add, name="theme_add"),
    path("feedback/themes/<slug:reference>/edit/", themes.theme_edit, name="theme_edit"),
    path("feedback/themes/<slug:reference>/archive/", themes.theme_archive, name="theme_archive"),
    path("feedback/themes/<slug:reference>/restore/", themes.theme_restore, name="theme_restore"),
]
