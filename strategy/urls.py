"""Addresses of the strategy room."""

from django.urls import path

from strategy.views import gap_steps, gaps, initiatives, plan, plan_steps, rounds

app_name = "strategy"
urlpatterns = [
    path("initiatives/", initiatives.initiative_list, name="initiatives"),
    path("initiatives/add/", initiatives.initiative_add, name="initiative_add"),
    path("initiatives/<slug:reference>/", initiatives.initiative_detail, name="initiative"),
    path("initiatives/<slug:reference>/edit/", initiatives.initiative_edit, name="initiative_edit"),
    path("initiatives/<slug:reference>/archive/", initiatives.initiative_archive, name="initiative_archive"),
    path("initiatives/<slug:reference>/steps/<int:position>/", initiatives.step_say, name="step_say"),
    path("initiatives/<slug:reference>/<slug:kind>/add/", initiatives.part_add, name="part_add"),
    path(
        "initiatives/<slug:reference>/<slug:kind>/<slug:part>/remove/",
        initiatives.part_remove,
        name="part_remove",
    ),
    path(
        "initiatives/<slug:reference>/<slug:kind>/<slug:part>/restore/",
        initiatives.part_restore,
        name="part_restore",
    ),
    path("quotient/", rounds.round_list, name="rounds"),
    path("quotient/add/", rounds.round_add, name="round_add"),
    path("quotient/first-hour/<slug:slug>/", rounds.checklist, name="checklist"),
    path("quotient/<slug:reference>/", rounds.round_detail, name="round"),
    path("quotient/<slug:reference>/edit/", rounds.round_edit, name="round_edit"),
    path("quotient/<slug:reference>/move/", rounds.round_move, name="round_move"),
    path("quotient/<slug:reference>/answer/", rounds.round_answer, name="round_answer"),
    path("quotient/<slug:reference>/agree/", rounds.round_agree, name="round_agree"),
    path("plan/", plan.plan_list, name="plan"),
    path("plan/board/", plan.plan_board, name="board"),
    path("plan/timeline/", plan.plan_timeline, name="timeline"),
    path("plan/add/", plan_steps.action_add, name="action_add"),
    path("plan/<slug:reference>/", plan.action_detail, name="action"),
    path("plan/<slug:reference>/edit/", plan_steps.action_edit, name="action_edit"),
    path("plan/<slug:reference>/check-in/", plan_steps.action_check_in, name="action_check_in"),
    path("plan/<slug:reference>/status/", plan_steps.action_override, name="action_override"),
    path("plan/<slug:reference>/cancel/", plan_steps.action_cancel, name="action_cancel"),
    path("plan/<slug:reference>/move/", plan_steps.action_move, name="action_move"),
    path("plan/<slug:reference>/milestones/", plan_steps.action_milestones, name="action_milestones"),
    path("plan/<slug:reference>/milestones/<slug:key>/", plan_steps.milestone_tick, name="milestone_tick"),
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
