"""Addresses of the scoreboard room."""

from django.urls import path

from scoreboard.views import board, goals, measure, opendata, standard

app_name = "scoreboard"
urlpatterns = [
    path("goals/", goals.goals, name="goals"),
    path("scoreboard/", board.board, name="board"),
    path("scoreboard/<slug:slug>/", board.unit, name="unit"),
    path("scoreboard/<slug:slug>/standards/<slug:key>/", standard.standard, name="standard"),
    path("scoreboard/<slug:slug>/measures/<slug:key>/", measure.measure, name="measure"),
    path("scoreboard/<slug:slug>/measures/<slug:key>/changes/add/", measure.change_add, name="change_add"),
    path(
        "scoreboard/<slug:slug>/measures/<slug:key>/changes/<slug:reference>/archive/",
        measure.change_archive,
        name="change_archive",
    ),
    path(
        "scoreboard/<slug:slug>/measures/<slug:key>/changes/<slug:reference>/restore/",
        measure.change_restore,
        name="change_restore",
    ),
    path("open-data/", opendata.page, name="opendata"),
    path("open-data/results.csv", opendata.as_csv, name="opendata_csv"),
    path("open-data/results.json", opendata.as_json, name="opendata_json"),
]
