"""Addresses of the strategy room."""

from django.urls import path

from strategy.views import gap_steps, gaps

app_name = "strategy"
urlpatterns = [
    path("gaps/", gaps.gap_list, name="gaps"),
    path("gaps/add/", gap_steps.gap_add, name="gap_add"),
    path("gaps/look/", gaps.look, name="gaps_look"),
    path("gaps/<slug:reference>/", gaps.gap_detail, name="gap"),
    path("gaps/<slug:reference>/open/", gap_steps.gap_open, name="gap_open"),
    path("gaps/<slug:reference>/edit/", gap_steps.gap_edit, name="gap_edit"),
    path("gaps/<slug:reference>/dismiss/", gap_steps.gap_dismiss, name="gap_dismiss"),
    path("gaps/<slug:reference>/take-up/", gap_steps.gap_take_up, name="gap_take_up"),
    path("gaps/<slug:reference>/merge/", gap_steps.gap_merge, name="gap_merge"),
    path("gaps/<slug:reference>/close/", gap_steps.gap_close, name="gap_close"),
    path("gaps/<slug:reference>/training/", gap_steps.gap_train, name="gap_train"),
    path("gaps/<slug:reference>/promise/", gap_steps.gap_promise, name="gap_promise"),
]
