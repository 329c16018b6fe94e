"""Addresses of the organisation room."""

from django.urls import URLPattern

app_name = "organisation"
urlpatterns: list[URLPattern] = []
