"""Takes the pictures of docs/look from the running product with its demo data.

`make pictures`; needs Chromium, and pdftoppm for what is printed. Looked at by a person
before they are committed. `bin/pictures.py gaps needs` takes only those of these names.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

from playwright.sync_api import sync_playwright  # noqa: E402

from home.tests.browser import CHROMIUM, FLAGS, running_product  # noqa: E402

FOLDER = ROOT / "docs" / "look"
EXCERPT = ROOT / "charter" / "tests" / "excerpts" / "canada_service_standards.csv"
NAMED = sys.argv[1:]
ADMIN, STAFF = "admin@harbour.example", "staff@harbour.example"

# name, address, who, width, scheme
PICTURES = [
    ("charter", "/", "", 1280, "light"),
    ("charter", "/", "", 375, "dark"),
    ("charter-ar", "/?language=ar", "", 1280, "light"),
    ("charter-ar", "/?language=ar", "", 375, "light"),
    ("said-did", "/you-said-we-did/", "", 1280, "dark"),
    ("share", "/charters/harbour-city/share/?promise=letters", ADMIN, 1280, "light"),
    ("card", "/c/harbour/", "", 375, "light"),
    ("coverage", "/feedback/collectors/hill-kiosk/", ADMIN, 1280, "light"),
    ("inbox", "/feedback/?comment=yes", ADMIN, 1280, "light"),
    ("inbox", "/feedback/?comment=yes", ADMIN, 375, "dark"),
    (
        "results",
        "/feedback/results/visit-card/?unit=harbour-branch&first_question=next&second_question=visit",
        ADMIN,
        1280,
        "light",
    ),
    ("results-colleagues", "/feedback/results/employee-barriers/", ADMIN, 375, "dark"),
    ("themes", "/feedback/themes/", ADMIN, 1280, "light"),
    ("comments", "/feedback/comments/", STAFF, 375, "light"),
    ("listening", "/feedback/listening/", ADMIN, 1280, "dark"),
    ("standard", "/standards/next-step/edit/", ADMIN, 1280, "light"),
    ("draft", "/charter/harbour-city/", ADMIN, 1280, "light"),
    ("starter", "/starters/clinic/", ADMIN, 1280, "light"),
    ("review", "/charter/harbour-city/reviews/2/", ADMIN, 1280, "light"),
    ("differences", "/charter/harbour-city/differences/", ADMIN, 1280, "light"),
    ("changes-de", "/editions/2/changes/?language=de", "", 375, "light"),
    ("signatures", "/charter/harbour-city/editions/2/signatures/", ADMIN, 1280, "dark"),
    ("edition", "/charter/harbour-city/editions/2/", ADMIN, 1280, "light"),
    ("scoreboard", "/scoreboard/harbour-branch/", ADMIN, 1280, "light"),
    ("scoreboard", "/scoreboard/harbour-branch/", ADMIN, 375, "dark"),
    ("answers", "/scoreboard/harbour-branch/measures/next-step-yes/", ADMIN, 1280, "dark"),
    ("control-chart", "/scoreboard/harbour-branch/measures/complaints-rate/", ADMIN, 1280, "light"),
    ("standard-board", "/scoreboard/harbour-branch/standards/next-step/", STAFF, 375, "light"),
    ("goals", "/goals/", STAFF, 1280, "light"),
    ("needs", "/customers/", ADMIN, 1280, "light"),
    ("needs", "/customers/", ADMIN, 375, "dark"),
    ("quadrant", "/scoreboard/harbour-city/needs/", ADMIN, 1280, "light"),
    ("served", "/scoreboard/harbour-city/activity/", ADMIN, 1280, "light"),
    ("signals", "/signals/", ADMIN, 1280, "light"),
    ("gaps", "/gaps/", ADMIN, 1280, "light"),
    ("plan-board", "/plan/board/", ADMIN, 1280, "light"),
    ("plan-timeline", "/plan/timeline/", ADMIN, 1280, "dark"),
    ("open-data", "/open-data/", "", 375, "dark"),
    ("calendar", "/settings/calendars/", ADMIN, 1280, "light"),
    ("my-work", "/my/", STAFF, 375, "light"),
    ("training", "/training/", STAFF, 375, "light"),
    ("training-matrix", "/training/matrix/", ADMIN, 1280, "light"),
    ("training-compliance", "/training/compliance/", ADMIN, 1280, "dark"),
    ("training-effect", "/scoreboard/harbour-branch/standards/story-once/", ADMIN, 1280, "dark"),
    ("course-editor", "/training/courses/telephone/draft/", ADMIN, 1280, "light"),
    ("sign-in", "/accounts/login/", "", 375, "dark"),
    ("error", "/charters/nowhere/", "", 375, "light"),
]


def sign_in(page: Any, product: str, email: str) -> None:
    page.goto(f"{product}/accounts/login/")
    page.get_by_label("mail").fill(email)
    page.get_by_label("Password").fill("charterwell-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/my/")


def save(page: Any, name: str, width: int, scheme: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)


def receipt(page: Any, product: str) -> None:
    page.goto(f"{product}/c/harbour/")
    page.get_by_role("radio", name="Good", exact=True).click()
    page.get_by_role("radio", name="Yes").click()
    page.locator("textarea").fill("She walked me to the right counter and waited.")
    page.get_by_role("button", name="Send my card").click()
    page.wait_for_url("**/r/*/")


def dry_run(page: Any, product: str) -> None:
    page.goto(f"{product}/results/imports/add/")
    page.locator("input[type=file]").set_input_files(EXCERPT)
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("button", name="Use it and check the file").click()
    page.get_by_text("Checked", exact=False).first.wait_for()
    for _ in range(30):
        page.reload()
        if page.locator("main table").count():
            return
        page.wait_for_timeout(500)
    raise TimeoutError("the dry run did not end")


def conversation(page: Any, product: str) -> None:
    page.goto(f"{product}/training/")
    page.get_by_role("link", name="On the telephone").click()
    page.get_by_role("link", name="A caller who has been passed on twice").click()
    page.locator(".picks button").nth(1).click()
    page.wait_for_load_state()
    page.goto(page.url.split("#")[0])


def quiz(page: Any, product: str) -> None:
    page.goto(f"{product}/training/")
    page.get_by_role("link", name="On the telephone").click()
    page.get_by_role("button", name="quiz").click()
    page.wait_for_load_state()
    while not page.locator(".picks input").count():
        page.locator(".thumb .button").click()
        page.wait_for_load_state()


def certificate(page: Any, product: str) -> None:
    page.goto(f"{product}/training/transcript/")
    page.get_by_role("row").filter(has_text="Completed").get_by_role("link").first.click()
    page.get_by_role("link", name="Public check page").click()
    page.wait_for_load_state()


def kiosk(page: Any, product: str) -> None:
    """The screen of a kiosk, by a new link of one of its devices."""
    page.goto(f"{product}/feedback/devices/")
    page.get_by_role("link", name="Tablet at the window").click()
    page.get_by_role("button", name="Make a new link").click()
    page.goto(page.locator("main code").inner_text())
    page.locator("[data-kept=yes]").wait_for()


def kiosk_device(page: Any, product: str) -> None:
    page.goto(f"{product}/feedback/devices/")
    page.get_by_role("link", name="Screen beside the lift").click()
    page.wait_for_load_state()


def invitations(page: Any, product: str) -> None:
    page.goto(f"{product}/feedback/collectors/by-letter/")
    page.get_by_role("link", name="Help with forms, autumn").click()
    page.wait_for_load_state()


def strategy_page(page: Any, product: str) -> None:
    """The strategy on a page, as it is printed."""
    page.goto(f"{product}/initiatives/")
    page.locator("tbody a.t").first.click()
    page.wait_for_load_state()
    printed = page.request.get(f"{page.url}strategy.pdf").body()
    command = ["pdftoppm", "-png", "-r", "144", "-singlefile", "-", str(FOLDER / "strategy-page")]
    subprocess.run(command, input=printed, check=True)  # noqa: S603


def quotient(page: Any, product: str) -> None:
    page.goto(f"{product}/quotient/?state=closed")
    page.locator("tbody a.t").first.click()


# name, what leads there, who, width, scheme
LED = [
    ("kiosk", kiosk, ADMIN, 1180, "light"),
    ("kiosk-device", kiosk_device, ADMIN, 1280, "dark"),
    ("invitations", invitations, ADMIN, 1280, "light"),
    ("quotient", quotient, ADMIN, 1280, "light"),
    ("receipt", receipt, "", 375, "light"),
    ("import-dry-run", dry_run, ADMIN, 1280, "light"),
]
LEARNER = [
    ("training-conversation", conversation, "dark"),
    ("training-quiz", quiz, "light"),
    ("certificate", certificate, "dark"),
]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        running_product(Path(data)) as product,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        signed_in: dict[str, Any] = {}

        def page_of(width: int, scheme: str, who: str) -> Any:
            looks: dict[str, Any] = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
            if who in signed_in:
                looks["storage_state"] = signed_in[who]
            context = browser.new_context(locale="en-GB", **looks)
            context.set_default_timeout(120_000)
            page = context.new_page()
            if who and who not in signed_in:
                sign_in(page, product, who)
                signed_in[who] = context.storage_state()
            return page

        wanted = [each for each in PICTURES if not NAMED or each[0] in NAMED]
        for name, address, who, width, scheme in wanted:
            page = page_of(width, scheme, who)
            page.goto(product + address)
            save(page, name, width, scheme)
        for name, lead, scheme in (each for each in LEARNER if not NAMED or each[0] in NAMED):
            page = page_of(375, scheme, STAFF)
            lead(page, product)
            save(page, name, 375, scheme)
        for name, lead, who, width, scheme in (each for each in LED if not NAMED or each[0] in NAMED):
            page = page_of(width, scheme, who)
            lead(page, product)
            save(page, name, width, scheme)
        if not NAMED or "strategy-page" in NAMED:
            strategy_page(page_of(1280, "light", ADMIN), product)
        browser.close()


if __name__ == "__main__":
    main()
