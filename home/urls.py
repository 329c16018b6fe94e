"""Addresses of the home room."""

from django.urls import path

from home import views

app_name = "home"
urlpatterns = [
    path("", views.charter, name="charter"),
    path("editions/", views.editions, name="editions"),
    path("editions/<int:number>/", views.edition, name="edition"),
    path("places/", views.places, name="places"),
    path("charters/<slug:slug>/", views.unit_charter, name="unit_charter"),
    path("charters/<slug:slug>/preview/", views.preview, name="preview"),
    path("charters/<slug:slug>/editions/", views.unit_editions, name="unit_editions"),
    path("charters/<slug:slug>/editions/<int:number>/", views.unit_edition, name="unit_edition"),
    path("charters/<slug:slug>/places/", views.unit_places, name="unit_places"),
    path("my/", views.my, name="my"),
]
