"""Addresses of the scoreboard room."""

from django.urls import path

from scoreboard.views import (
    activity,
    board,
    goals,
    measure,
    needs,
    opendata,
    report_parts,
    reports,
    signals,
    standard,
)

app_name = "scoreboard"
urlpatterns = [
    path("goals/", goals.goals, name="goals"),
    path("scoreboard/", board.board, name="board"),
    path("scoreboard/<slug:slug>/", board.unit, name="unit"),
    path("scoreboard/<slug:slug>/needs/", needs.needs, name="needs"),
    path("scoreboard/<slug:slug>/activity/", activity.activity, name="activity"),
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
    path("signals/", signals.signal_list, name="signals"),
    path("signals/scan/", signals.scan, name="signal_scan"),
    path("signals/letters/", signals.letters, name="signal_letters"),
    path("signals/<slug:reference>/", signals.signal_detail, name="signal_detail"),
    path("signals/<slug:reference>/seen/", signals.signal_seen, name="signal_seen"),
    path("signals/<slug:reference>/dismiss/", signals.signal_dismiss, name="signal_dismiss"),
    path("signals/<slug:reference>/reopen/", signals.signal_reopen, name="signal_reopen"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/add/", reports.report_add, name="report_add"),
    path("reports/plans/", report_parts.plan_list, name="report_plans"),
    path("reports/plans/<slug:slug>/", report_parts.plan_edit, name="report_plan"),
    path("reports/<slug:reference>/", reports.report_detail, name="report_detail"),
    path("reports/<slug:reference>/comments/", report_parts.report_comments, name="report_comments"),
    path("reports/<slug:reference>/make/", reports.report_make, name="report_make"),
    path("reports/<slug:reference>/archive/", reports.report_archive, name="report_archive"),
    path("reports/<slug:reference>/restore/", reports.report_restore, name="report_restore"),
    path("reports/<slug:reference>/report.pdf", reports.report_pdf, name="report_pdf"),
    path("reports/<slug:reference>/report.xlsx", reports.report_xlsx, name="report_xlsx"),
    path("open-data/", opendata.page, name="opendata"),
    path("open-data/results.csv", opendata.as_csv, name="opendata_csv"),
    path("open-data/results.json", opendata.as_json, name="opendata_json"),
]
