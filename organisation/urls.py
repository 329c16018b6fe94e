"""Addresses of the organisation room."""

from django.urls import URLPattern, path

from organisation.views import (
    calendars,
    drafts,
    health,
    invitations,
    people,
    settings,
    tokens,
    units,
    work,
)

app_name = "organisation"
urlpatterns: list[URLPattern] = [
    path("units/", units.unit_list, name="unit_list"),
    path("units/add/", units.unit_add, name="unit_add"),
    path("units/<slug:slug>/edit/", units.unit_edit, name="unit_edit"),
    path("units/<slug:slug>/move/", units.unit_move, name="unit_move"),
    path("units/<slug:slug>/archive/", units.unit_archive, name="unit_archive"),
    path("units/<slug:slug>/restore/", units.unit_restore, name="unit_restore"),
    path("people/", people.person_list, name="person_list"),
    path("people/<slug:reference>/edit/", people.person_edit, name="person_edit"),
    path("people/<slug:reference>/roles/set/", people.role_set, name="role_set"),
    path("people/<slug:reference>/roles/<slug:slug>/remove/", people.role_remove, name="role_remove"),
    path("people/<slug:reference>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<slug:reference>/reactivate/", people.person_reactivate, name="person_reactivate"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/add/", invitations.invitation_add, name="invitation_add"),
    path("invitations/<slug:reference>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("invitations/<str:secret>/accept/", invitations.invitation_accept, name="invitation_accept"),
    path("settings/", settings.settings, name="settings"),
    path("settings/installation/", settings.installation_edit, name="installation_edit"),
    path("settings/keys/", tokens.token_list, name="token_list"),
    path("settings/keys/add/", tokens.token_add, name="token_add"),
    path("settings/keys/<slug:reference>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("settings/calendars/", calendars.calendar_list, name="calendar_list"),
    path("settings/calendars/add/", calendars.calendar_add, name="calendar_add"),
    path("settings/calendars/<slug:reference>/", calendars.calendar_detail, name="calendar_detail"),
    path("settings/calendars/<slug:reference>/edit/", calendars.calendar_edit, name="calendar_edit"),
    path(
        "settings/calendars/<slug:reference>/days/set/", calendars.calendar_day_set, name="calendar_day_set"
    ),
    path(
        "settings/calendars/<slug:reference>/days/<slug:day>/remove/",
        calendars.calendar_day_remove,
        name="calendar_day_remove",
    ),
    path(
        "settings/calendars/<slug:reference>/holidays/",
        calendars.calendar_holidays,
        name="calendar_holidays",
    ),
    path("settings/calendars/<slug:reference>/units/set/", calendars.calendar_use, name="calendar_use"),
    path(
        "settings/calendars/<slug:reference>/units/<slug:slug>/remove/",
        calendars.calendar_unuse,
        name="calendar_unuse",
    ),
    path("settings/calendars/<slug:reference>/archive/", calendars.calendar_archive, name="calendar_archive"),
    path("settings/calendars/<slug:reference>/restore/", calendars.calendar_restore, name="calendar_restore"),
    path("settings/audit/", settings.audit_list, name="audit_list"),
    path("brand.css", settings.brand_css, name="brand_css"),
    path("logo/<slug:reference>/", settings.logo, name="logo"),
    # outgoing mail, jobs, health
    path("work/", work.job_list, name="job_list"),
    path("work/<slug:reference>/", work.job_detail, name="job_detail"),
    path("work/<slug:reference>/retry/", work.job_retry, name="job_retry"),
    path("letters/", work.mail_list, name="mail_list"),
    path("letters/retry/", work.mail_retry, name="mail_retry"),
    path("drafts/", drafts.draft_keep, name="draft_keep"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
