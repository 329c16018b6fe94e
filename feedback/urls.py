"""Addresses of the feedback room."""

from django.urls import path

from feedback.views import card, collectors, devices, embed, entry, inbox, kiosk, posters, questionnaires

app_name = "feedback"
urlpatterns = [
    # for customers
    path("c/<slug:slug>/", card.card, name="card"),
    path("c/<slug:slug>/embed/", embed.embed, name="embed"),
    path("c/<slug:slug>/embed/<slug:code>/", embed.embed_thanks, name="embed_thanks"),
    path("r/", card.receipt_find, name="receipt_find"),
    path("r/<slug:code>/", card.receipt, name="receipt"),
    path("r/<slug:code>/erase/", card.receipt_erase, name="receipt_erase"),
    path("kiosk/worker.js", kiosk.kiosk_worker, name="kiosk_worker"),
    path("kiosk/<str:secret>/", kiosk.kiosk, name="kiosk"),
    path("kiosk/<str:secret>/manifest.json", kiosk.kiosk_manifest, name="kiosk_manifest"),
    path("kiosk/<str:secret>/cards/", kiosk.kiosk_card, name="kiosk_card"),
    path("kiosk/<str:secret>/contact/", kiosk.kiosk_contact, name="kiosk_contact"),
    # inbox
    path("feedback/", inbox.response_list, name="response_list"),
    path("feedback/export/", inbox.response_export, name="response_export"),
    path("feedback/responses/<slug:reference>/", inbox.response_detail, name="response_detail"),
    path("feedback/responses/<slug:reference>/reply/", inbox.response_reply, name="response_reply"),
    path("feedback/responses/<slug:reference>/spam/", inbox.response_spam, name="response_spam"),
    path("feedback/responses/<slug:reference>/restore/", inbox.response_restore, name="response_restore"),
    path("feedback/responses/<slug:reference>/delete/", inbox.response_delete, name="response_delete"),
    path("feedback/responses/<slug:reference>/undelete/", inbox.response_undelete, name="response_undelete"),
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
    path("feedback/devices/", devices.device_list, name="device_list"),
    path("feedback/devices/<slug:reference>/", devices.device_detail, name="device_detail"),
    path("feedback/devices/<slug:reference>/edit/", devices.device_edit, name="device_edit"),
    path("feedback/devices/<slug:reference>/renew/", devices.device_renew, name="device_renew"),
    path("feedback/devices/<slug:reference>/revoke/", devices.device_revoke, name="device_revoke"),
    path("feedback/collectors/<slug:slug>/devices/add/", devices.device_add, name="device_add"),
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
