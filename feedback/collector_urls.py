"""Addresses of the ways of asking: frames, kiosks, posters, paper, interviews."""

from django.urls import path

from feedback.views import (
    collectors,
    devices,
    embed,
    entry,
    invitations,
    kiosk,
    posters,
    rounds,
    suppressions,
)

urlpatterns = [
    # for customers, and for the devices that ask them
    path("c/<slug:slug>/embed/", embed.embed, name="embed"),
    path("c/<slug:slug>/embed/<slug:code>/", embed.embed_thanks, name="embed_thanks"),
    path("kiosk/worker.js", kiosk.kiosk_worker, name="kiosk_worker"),
    path("kiosk/<str:secret>/", kiosk.kiosk, name="kiosk"),
    path("kiosk/<str:secret>/manifest.json", kiosk.kiosk_manifest, name="kiosk_manifest"),
    path("kiosk/<str:secret>/cards/", kiosk.kiosk_card, name="kiosk_card"),
    path("kiosk/<str:secret>/contact/", kiosk.kiosk_contact, name="kiosk_contact"),
    path("i/<str:secret>/", invitations.invitation, name="invitation"),
    path("i/<str:secret>/stop/", invitations.invitation_stop, name="invitation_stop"),
    # invitations
    path("feedback/collectors/<slug:slug>/rounds/add/", rounds.round_add, name="round_add"),
    path("feedback/rounds/<slug:reference>/", rounds.round_detail, name="round_detail"),
    path("feedback/rounds/<slug:reference>/edit/", rounds.round_edit, name="round_edit"),
    path("feedback/rounds/<slug:reference>/start/", rounds.round_start, name="round_start"),
    path("feedback/rounds/<slug:reference>/stop/", rounds.round_stop, name="round_stop"),
    path("feedback/rounds/<slug:reference>/anonymous/", rounds.round_anonymous, name="round_anonymous"),
    path("feedback/round-lists/<slug:reference>/", rounds.round_list, name="round_list"),
    path("feedback/round-lists/<slug:reference>/bad-rows/", rounds.round_bad_rows, name="round_bad_rows"),
    path("feedback/suppressions/", suppressions.suppression_list, name="suppression_list"),
    path(
        "feedback/suppressions/<slug:reference>/lift/",
        suppressions.suppression_lift,
        name="suppression_lift",
    ),
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
]
