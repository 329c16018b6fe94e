"""Addresses of the customers room."""

from django.urls import path

from customers.views import activity, evidence, needs, segments

app_name = "customers"
urlpatterns = [
    path("customers/", needs.need_list, name="need_list"),
    path("customers/needs/add/", needs.need_add, name="need_add"),
    path("customers/needs/evidence/add/", evidence.evidence_add, name="evidence_add"),
    path("customers/needs/<slug:reference>/", needs.need_detail, name="need_detail"),
    path("customers/needs/<slug:reference>/edit/", needs.need_edit, name="need_edit"),
    path("customers/needs/<slug:reference>/archive/", needs.need_archive, name="need_archive"),
    path("customers/needs/<slug:reference>/restore/", needs.need_restore, name="need_restore"),
    path(
        "customers/needs/<slug:reference>/evidence/<slug:evidence>/remove/",
        evidence.evidence_remove,
        name="evidence_remove",
    ),
    path(
        "customers/needs/<slug:reference>/evidence/<slug:evidence>/restore/",
        evidence.evidence_restore,
        name="evidence_restore",
    ),
    path("customers/activity/", activity.activity_list, name="activity_list"),
    path("customers/segments/", segments.segment_list, name="segment_list"),
    path("customers/segments/add/", segments.segment_add, name="segment_add"),
    path("customers/segments/<slug:reference>/", segments.segment_detail, name="segment_detail"),
    path("customers/segments/<slug:reference>/edit/", segments.segment_edit, name="segment_edit"),
    path("customers/segments/<slug:reference>/archive/", segments.segment_archive, name="segment_archive"),
    path("customers/segments/<slug:reference>/restore/", segments.segment_restore, name="segment_restore"),
]
