"""What is typed into the forms of the strategy room and not saved is kept, and forgotten once it is saved."""

import pytest

from organisation.actions.drafts import keep_draft
from organisation.models import FormDraft
from strategy.models import Gap
from strategy.tests.factories import Branch, a_gap, a_review, an_action, an_announcement, an_initiative

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(client):
    found = Branch()
    client.force_login(found.manager)
    return found


def _edited(branch):
    return {
        "initiative": (an_initiative(branch.unit, branch.manager), "edit/", "vision"),
        "gap": (a_gap(branch.unit, owner=branch.manager), "edit/", "why"),
        "action": (an_action(branch.unit, branch.manager), "edit/", "words"),
        "review": (a_review(branch.unit, branch.manager), "edit/", "title"),
        "announcement": (an_announcement(branch.unit, branch.manager), "edit/", "text"),
    }


@pytest.mark.parametrize("kind", ["initiative", "gap", "action", "review", "announcement"])
def test_a_form_offers_what_was_typed_and_fills_itself_only_when_asked(branch, client, kind):
    row, step, field = _edited(branch)[kind]
    page = f"{row.get_absolute_url()}{step}"
    keep_draft(person=branch.manager, form=page, content={field: ["Half a sentence"]})
    html = client.get(page).content.decode()
    assert f'data-draft="{page}"' in html
    assert "We kept what you typed" in html
    assert "Half a sentence" not in html
    assert "Half a sentence" in client.get(page, {"draft": "use"}).content.decode()


@pytest.mark.parametrize(
    "page", ["/gaps/add/", "/plan/add/", "/initiatives/add/", "/reviews/add/", "/announcements/add/"]
)
def test_a_new_row_is_kept_while_it_is_typed(branch, client, page):
    assert f'data-draft="{page}"' in client.get(page).content.decode()


def test_what_is_saved_is_forgotten_and_the_words_of_another_form_stay(branch, client):
    gap = a_gap(branch.unit, branch.measure, state=Gap.State.PROPOSED)
    page, other = f"/gaps/{gap.reference}/open/", f"/gaps/{gap.reference}/dismiss/"
    for form in (page, other):
        keep_draft(person=branch.manager, form=form, content={"why": ["Half a sentence"]})
    typed = {"owner": branch.colleague.reference, "due_on": "2098-01-01", "why": "Nobody writes it down"}
    answer = client.post(page, typed)
    assert answer.cookies["saved-form"].value == page.replace("/", "%2F")
    assert [draft.form for draft in FormDraft.objects.all()] == [other]


def test_what_is_refused_stays_kept(branch, client):
    page = f"{an_announcement(branch.unit, branch.manager).get_absolute_url()}edit/"
    keep_draft(person=branch.manager, form=page, content={"text": ["Half a sentence"]})
    assert client.post(page, {"text": ""}).status_code == 422
    assert FormDraft.objects.count() == 1


def test_words_for_an_action_come_back_to_the_gap_that_it_answers(branch, client):
    gap = a_gap(branch.unit, branch.measure, owner=branch.colleague)
    page = f"/plan/add/?gap={gap.reference}"
    keep_draft(person=branch.manager, form=page, content={"title": ["Half a sentence"]})
    draft = client.get(page).context["draft"]
    assert draft.use_url == f"{page}&draft=use"
    shown = client.get(draft.use_url)
    assert shown.context["gap"] == gap
    assert "Half a sentence" in shown.content.decode()
