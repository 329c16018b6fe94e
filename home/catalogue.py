"""Which words are translated into every public language: those of these templates and modules.

A page for the public lists itself here, and so does what writes words in the languages of a charter (the
course that is prepared from an edition). The desk of staff waits until it is translated as a whole. What
is not listed is taken out of the catalogues by the next `manage.py public_messages`.
"""

from fnmatch import fnmatch

TEMPLATES = (
    "templates/base/page.html",
    "templates/base/plain.html",
    "templates/base/public.html",
    "templates/charter/_change.html",
    "templates/charter/_change_body.html",
    "templates/charter/_improvement.html",
    "templates/charter/_lines.html",
    "templates/common/_[!p]*.html",
    "templates/common/_plain_figure.html",
    "templates/feedback/_card*.html",
    "templates/feedback/_code_form.html",
    "templates/feedback/_said.html",
    "templates/feedback/card*.html",
    "templates/feedback/kiosk*.html",
    "templates/feedback/not_asking.html",
    "templates/feedback/receipt*.html",
    "templates/feedback/unavailable.html",
    "templates/home/*.html",
    "templates/scoreboard/opendata.html",
    "templates/training/certificate.html",
    "templates/training/certificate_check.html",
)
FOR_STAFF = (
    "templates/common/_errors.html",
    "templates/home/_frame.html",
    "templates/home/_kept.html",
    "templates/home/_our_part.html",
    "templates/home/_preview_link.html",
    "templates/home/_trained.html",
    "templates/home/_trained_figure.html",
    "templates/home/_trained_rows.html",
    "templates/home/first_steps.html",
    "templates/home/my.html",
    "templates/home/share.html",
)
MODULES = (
    "charter/differences.py",
    "charter/models/charter.py",
    "charter/models/edition.py",
    "charter/models/measure.py",
    "charter/models/policy.py",
    "charter/models/standard.py",
    "charter/parts.py",
    "common/period.py",
    "common/figure_words.py",
    "common/templatetags/charterwell.py",
    "common/templatetags/public.py",
    "common/text.py",
    "feedback/card.py",
    "feedback/envelope.py",
    "feedback/fields.py",
    "feedback/letters.py",
    "feedback/prints.py",
    "feedback/said.py",
    "feedback/views/card.py",
    "feedback/views/kiosk.py",
    "home/api.py",
    "home/plain.py",
    "home/prints.py",
    "scoreboard/figures.py",
    "scoreboard/method_words.py",
    "scoreboard/views/opendata.py",
    "training/actions/know.py",
    "training/actions/know_people.py",
    "training/know/*.py",
)


def is_public(path: str) -> bool:
    """Whether the public reads the words of a file (its path from the top of the project)."""
    path = path.removeprefix("./")
    if path in FOR_STAFF:
        return False
    return any(fnmatch(path, pattern) for pattern in (*MODULES, *TEMPLATES))
