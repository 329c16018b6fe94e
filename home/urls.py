"""Addresses of the home room."""

from django.urls import path

from home.views import changes, charter, mine, out, share

app_name = "home"
urlpatterns = [
    path("", charter.charter, name="charter"),
    path("editions/", charter.editions, name="editions"),
    path("editions/<int:number>/", charter.edition, name="edition"),
    path("editions/<int:number>/changes/", changes.edition_changes, name="edition_changes"),
    path(
        "editions/<int:number>/changes/since/<int:since>/",
        changes.edition_changes,
        name="edition_changes_since",
    ),
    path("places/", charter.places, name="places"),
    path("you-said-we-did/", charter.said_did, name="said_did"),
    path("charter.json", out.data, name="data"),
    path("poster.pdf", out.poster, name="poster"),
    path("leaflet.pdf", out.leaflet, name="leaflet"),
    path("embed.js", out.embed_script, name="embed_script"),
    path("embed/", out.embed, name="embed"),
    path("embed/promises/<slug:key>/", out.embed_promise, name="embed_promise"),
    path("embed/charters/<slug:slug>/", out.embed, name="unit_embed"),
    path("charters/<slug:slug>/", charter.unit_charter, name="unit_charter"),
    path("charters/<slug:slug>/preview/", charter.preview, name="preview"),
    path("charters/<slug:slug>/share/", share.share, name="share"),
    path("charters/<slug:slug>/editions/", charter.editions, name="unit_editions"),
    path("charters/<slug:slug>/editions/<int:number>/", charter.edition, name="unit_edition"),
    path(
        "charters/<slug:slug>/editions/<int:number>/changes/",
        changes.edition_changes,
        name="unit_edition_changes",
    ),
    path(
        "charters/<slug:slug>/editions/<int:number>/changes/since/<int:since>/",
        changes.edition_changes,
        name="unit_edition_changes_since",
    ),
    path("charters/<slug:slug>/places/", charter.places, name="unit_places"),
    path("charters/<slug:slug>/you-said-we-did/", charter.said_did, name="unit_said_did"),
    path("charters/<slug:slug>/charter.json", out.data, name="unit_data"),
    path("charters/<slug:slug>/poster.pdf", out.poster, name="unit_poster"),
    path("charters/<slug:slug>/leaflet.pdf", out.leaflet, name="unit_leaflet"),
    path("my/", mine.my, name="my"),
]
