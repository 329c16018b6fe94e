"""Addresses of the scoreboard room."""

from django.urls import path

from scoreboard.views import board, measure

app_name = "scoreboard"
urlpatterns = [
    path("scoreboard/", board.board, name="board"),
    path("scoreboard/<slug:slug>/", board.unit, name="unit"),
    path("scoreboard/<slug:slug>/measures/<slug:key>/", measure.measure, name="measure"),
]
