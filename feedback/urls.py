"""Addresses of the feedback room."""

from django.urls import path

from feedback import collector_urls, desk_urls
from feedback.views import begin, card, inbox, questionnaires, questions

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
    path("feedback/questionnaires/add/", begin.questionnaire_add, name="questionnaire_add"),
    path("feedback/questionnaires/import/", begin.questionnaire_import, name="questionnaire_import"),
    path("feedback/questionnaires/starters/<slug:starter>/", begin.starter_detail, name="starter_detail"),
    path(
        "feedback/questionnaires/<slug:key>/",
        questionnaires.questionnaire_detail,
        name="questionnaire_detail",
    ),
    *(
        path(f"feedback/questionnaires/<slug:key>/{end}/", view, name=name)
        for end, view, name in (
            ("preview", questionnaires.questionnaire_preview, "questionnaire_preview"),
            ("file", questionnaires.questionnaire_file, "questionnaire_file"),
            ("copy", begin.questionnaire_copy, "questionnaire_copy"),
            ("rename", questionnaires.questionnaire_rename, "questionnaire_rename"),
            ("archive", questionnaires.questionnaire_archive, "questionnaire_archive"),
            ("restore", questionnaires.questionnaire_restore, "questionnaire_restore"),
            ("draft", questionnaires.draft_open, "draft_open"),
            ("discard", questionnaires.draft_discard, "draft_discard"),
            ("words", questionnaires.words_edit, "words_edit"),
            ("publish", questionnaires.questionnaire_publish, "questionnaire_publish"),
            ("questions/add", questions.question_add, "question_add"),
            ("questions/order", questions.question_order, "question_order"),
            ("questions/<slug:question>/edit", questions.question_edit, "question_edit"),
            ("questions/<slug:question>/rule", questions.question_rule, "question_rule"),
            ("questions/<slug:question>/remove", questions.question_remove, "question_remove"),
            ("questions/<slug:question>/move", questions.question_move, "question_move"),
        )
    ),
]
