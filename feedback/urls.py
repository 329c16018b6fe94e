"""Addresses of the feedback room."""

from django.urls import path

from feedback import collector_urls, desk_urls
from feedback.views import card, inbox, questionnaires

app_name = "feedback"
urlpatterns = [
    # for customers
    path("c/<slug:slug>/", card.card, name="card"),
    path("r/", card.receipt_find, name="receipt_find"),
    path("r/<slug:code>/", card.receipt, name="receipt"),
    path("r/<slug:code>/erase/", card.receipt_erase, name="receipt_erase"),
    # inbox
    path("feedback/", inbox.response_list, name="response_list"),
    path("feedback/export/", inbox.response_export, name="response_export"),
    path("feedback/responses/<slug:reference>/", inbox.response_detail, name="response_detail"),
    path("feedback/responses/<slug:reference>/reply/", inbox.response_reply, name="response_reply"),
    path("feedback/responses/<slug:reference>/spam/", inbox.response_spam, name="response_spam"),
    path("feedback/responses/<slug:reference>/restore/", inbox.response_restore, name="response_restore"),
    path("feedback/responses/<slug:reference>/delete/", inbox.response_delete, name="response_delete"),
    path("feedback/responses/<slug:reference>/undelete/", inbox.response_undelete, name="response_undelete"),
    *desk_urls.urlpatterns,
    *collector_urls.urlpatterns,
    # what we ask
    path("feedback/questionnaires/", questionnaires.questionnaire_list, name="questionnaire_list"),
    path("feedback/questionnaires/export/", questionnaires.questionnaire_export, name="questionnaire_export"),
    path("feedback/questionnaires/add/", questionnaires.questionnaire_add, name="questionnaire_add"),
    path(
        "feedback/questionnaires/<slug:key>/",
        questionnaires.questionnaire_detail,
        name="questionnaire_detail",
    ),
    path(
        "feedback/questionnaires/<slug:key>/preview/",
        questionnaires.questionnaire_preview,
        name="questionnaire_preview",
    ),
    path("feedback/questionnaires/<slug:key>/draft/", questionnaires.draft_open, name="draft_open"),
    path("feedback/questionnaires/<slug:key>/words/", questionnaires.words_edit, name="words_edit"),
    path(
        "feedback/questionnaires/<slug:key>/publish/",
        questionnaires.questionnaire_publish,
        name="questionnaire_publish",
    ),
    path(
        "feedback/questionnaires/<slug:key>/questions/add/", questionnaires.question_add, name="question_add"
    ),
    path(
        "feedback/questionnaires/<slug:key>/questions/<slug:question>/edit/",
        questionnaires.question_edit,
        name="question_edit",
    ),
    path(
        "feedback/questionnaires/<slug:key>/questions/<slug:question>/remove/",
        questionnaires.question_remove,
        name="question_remove",
    ),
    path(
        "feedback/questionnaires/<slug:key>/questions/<slug:question>/move/",
        questionnaires.question_move,
        name="question_move",
    ),
]
