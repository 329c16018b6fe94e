"""Addresses of the charter room."""

from django.urls import path

from charter.views import (
    cases,
    differences,
    editions,
    editor,
    imports,
    improvements,
    measures,
    needs,
    policies,
    results,
    reviews,
    signatures,
    standards,
    starters,
    words,
)
from charter.views import review_steps as steps

app_name = "charter"
urlpatterns = [
    path("charter/", editor.desk, name="desk"),
    path("charter/<slug:unit>/", editor.edit, name="edit"),
    path("charter/<slug:unit>/order/", editor.order, name="order"),
    path("charter/<slug:unit>/texts/edit/", words.texts_edit, name="texts_edit"),
    path("charter/<slug:unit>/values/add/", words.value_add, name="value_add"),
    path("charter/<slug:unit>/values/<slug:key>/edit/", words.value_edit, name="value_edit"),
    path("charter/<slug:unit>/values/<slug:key>/move/", words.value_move, name="value_move"),
    path("charter/<slug:unit>/values/<slug:key>/archive/", words.value_archive, name="value_archive"),
    path("charter/<slug:unit>/values/<slug:key>/restore/", words.value_restore, name="value_restore"),
    path("charter/<slug:unit>/policies/add/", policies.policy_add, name="policy_add"),
    path("charter/<slug:unit>/policies/<slug:key>/edit/", policies.policy_edit, name="policy_edit"),
    path("charter/<slug:unit>/policies/<slug:key>/move/", policies.policy_move, name="policy_move"),
    path("charter/<slug:unit>/policies/<slug:key>/archive/", policies.policy_archive, name="policy_archive"),
    path("charter/<slug:unit>/policies/<slug:key>/restore/", policies.policy_restore, name="policy_restore"),
    path("charter/<slug:unit>/standards/add/", standards.standard_add, name="standard_add"),
    path("charter/<slug:unit>/editions/", editions.edition_list, name="edition_list"),
    path("charter/<slug:unit>/editions/publish/", editions.edition_publish, name="edition_publish"),
    path("charter/<slug:unit>/editions/<int:number>/", editions.edition_detail, name="edition_detail"),
    path("customers/promises/", needs.unmatched, name="unmatched"),
    path("customers/needs/<slug:reference>/measures/", needs.need_measures, name="need_measures"),
    path("customers/needs/<slug:reference>/standards/", needs.need_tie, name="need_tie"),
    path("customers/needs/<slug:reference>/standards/<slug:key>/untie/", needs.need_untie, name="need_untie"),
    path("starters/", starters.starter_list, name="starter_list"),
    path("starters/<slug:key>/", starters.starter_detail, name="starter_detail"),
    path("charter/<slug:unit>/editions/<int:number>/sign/", signatures.edition_sign, name="edition_sign"),
    path(
        "charter/<slug:unit>/editions/<int:number>/signatures/",
        signatures.signature_list,
        name="signature_list",
    ),
    path("signatures/<slug:reference>/reply/", signatures.signature_reply, name="signature_reply"),
    path("signatures/<slug:reference>/settle/", signatures.signature_settle, name="signature_settle"),
    path("charter/<slug:unit>/differences/", differences.difference, name="difference"),
    path(
        "charter/<slug:unit>/differences/<str:part>/edit/", differences.change_explain, name="change_explain"
    ),
    path("charter/<slug:unit>/reviews/", reviews.review_list, name="review_list"),
    path("charter/<slug:unit>/reviews/add/", reviews.review_open, name="review_open"),
    path("charter/<slug:unit>/reviews/<int:number>/", reviews.review_detail, name="review_detail"),
    path(
        "charter/<slug:unit>/reviews/<int:number>/comment/",
        steps.review_comment,
        name="review_comment",
    ),
    path(
        "charter/<slug:unit>/reviews/<int:number>/comments/<slug:reference>/settle/",
        steps.comment_settle,
        name="comment_settle",
    ),
    path(
        "charter/<slug:unit>/reviews/<int:number>/verdict/",
        steps.review_verdict,
        name="review_verdict",
    ),
    path(
        "charter/<slug:unit>/reviews/<int:number>/reviewers/add/",
        steps.reviewer_name,
        name="reviewer_name",
    ),
    path(
        "charter/<slug:unit>/reviews/<int:number>/reviewers/<slug:reference>/release/",
        steps.reviewer_release,
        name="reviewer_release",
    ),
    path(
        "charter/<slug:unit>/reviews/<int:number>/sign-off/",
        steps.review_sign_off,
        name="review_sign_off",
    ),
    path("charter/<slug:unit>/reviews/<int:number>/close/", steps.review_close, name="review_close"),
    path("standards/<slug:key>/edit/", standards.standard_edit, name="standard_edit"),
    path("standards/<slug:key>/move/", standards.standard_move, name="standard_move"),
    path("standards/<slug:key>/archive/", standards.standard_archive, name="standard_archive"),
    path("standards/<slug:key>/restore/", standards.standard_restore, name="standard_restore"),
    path("standards/<slug:key>/measures/add/", measures.measure_add, name="measure_add"),
    path("measures/<slug:key>/edit/", measures.measure_edit, name="measure_edit"),
    path("measures/<slug:key>/archive/", measures.measure_archive, name="measure_archive"),
    path("measures/<slug:key>/restore/", measures.measure_restore, name="measure_restore"),
    path("measures/<slug:key>/goals/add/", measures.goal_add, name="goal_add"),
    path("improvements/", improvements.improvement_list, name="improvement_list"),
    path("improvements/add/", improvements.improvement_add, name="improvement_add"),
    path("improvements/<slug:reference>/edit/", improvements.improvement_edit, name="improvement_edit"),
    path(
        "improvements/<slug:reference>/publish/", improvements.improvement_publish, name="improvement_publish"
    ),
    path(
        "improvements/<slug:reference>/archive/", improvements.improvement_archive, name="improvement_archive"
    ),
    path(
        "improvements/<slug:reference>/restore/", improvements.improvement_restore, name="improvement_restore"
    ),
    path("results/", results.result_list, name="result_list"),
    path("results/add/", results.result_add, name="result_add"),
    path("results/<slug:reference>/edit/", results.result_edit, name="result_edit"),
    path("results/<slug:reference>/delete/", results.result_delete, name="result_delete"),
    path("results/<slug:reference>/undelete/", results.result_undelete, name="result_undelete"),
    path("cases/", cases.case_list, name="case_list"),
    path("cases/<slug:reference>/", cases.case_detail, name="case_detail"),
    path("results/imports/", imports.import_list, name="import_list"),
    path("results/imports/add/", imports.import_add, name="import_add"),
    path("results/imports/<slug:reference>/", imports.import_detail, name="import_detail"),
    path("results/imports/<slug:reference>/mapping/", imports.import_map, name="import_map"),
    path("results/imports/<slug:reference>/take/", imports.import_take, name="import_take"),
    path("results/imports/<slug:reference>/undo/", imports.import_undo, name="import_undo"),
    path("results/imports/<slug:reference>/bad-rows/", imports.import_bad_rows, name="import_bad_rows"),
]
