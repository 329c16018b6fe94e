"""Addresses of the feedback room."""

from django.urls import path

from feedback import desk_urls
from feedback.views import begin, card, collectors, embed, entry, inbox, posters, questionnaires, questions

app_name = "feedback"
urlpatterns = [
    # for customers
    path("c/<slug:slug>/", card.card, name="card"),
    path("c/<slug:slug>/embed/", embed.embed, name="embed"),
    path("c/<slug:slug>/embed/<slug:code>/", embed.embed_thanks, name="embed_thanks"),
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
    # where we ask
    path("feedback/collectors/", collectors.collector_list, name="collector_list"),
    path("feedback/collectors/export/", collectors.collector_export, name="collector_export"),
    path("feedback/collectors/add/", collectors.collector_add, name="collector_add"),
    path("feedback/collectors/<slug:slug>/", collectors.collector_detail, name="collector_detail"),
    path("feedback/collectors/<slug:slug>/edit/", collectors.collector_edit, name="collector_edit"),
    path("feedback/collectors/<slug:slug>/archive/", collectors.collector_archive, name="collector_archive"),
    path("feedback/collectors/<slug:slug>/reopen/", collectors.collector_reopen, name="collector_reopen"),
    path("feedback/collectors/<slug:slug>/poster/", posters.collector_poster, name="collector_poster"),
    path(
        "feedback/collectors/<slug:slug>/poster-<slug:size>.pdf",
        posters.collector_print,
        name="collector_print",
    ),
    path("feedback/collectors/<slug:slug>/qr.svg", posters.collector_qr, name="collector_qr"),
    path("feedback/collectors/<slug:slug>/paper/", entry.paper, name="paper"),
    path("feedback/collectors/<slug:slug>/interview/", entry.interview, name="interview"),
    path(
        "feedback/collectors/<slug:slug>/interview/refused/",
        entry.interview_refused,
        name="interview_refused",
    ),
    path(
        "feedback/collectors/<slug:slug>/interview/refused/<uuid:uid>/withdraw/",
        entry.refusal_withdraw,
        name="refusal_withdraw",
    ),
    path(
        "feedback/collectors/<slug:slug>/entered/<slug:reference>/take-back/",
        entry.entry_take_back,
        name="entry_take_back",
    ),
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
