"""PDF documents: a Typst template and its data, set with the fonts that the product brings along.

Templates lie under `templates/pdf/`. A template reads its data with
`#import "base.typ": data` and never computes figures: it gets them as they are printed.
"""

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import typst
from django.conf import settings
from django.http import HttpResponse

STANDARD: Final = "ua-1"
FONT_PACKAGES = ("fontpkg_source_serif_4", "fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
Images = dict[str, bytes]
"""Files by name."""
MISSING = "\N{WHITE SQUARE}"
MOST_MISSING = 500
LARGEST_PICTURE = 1_000_000
"""Bytes of a logo that a document still takes in."""

_NO_GLYPH = re.compile(r'the text `"(?P<text>.+)"` could not be displayed', re.DOTALL)


class NotDrawable(Exception):
    """The template and its data do not make a document. The message is Typst's."""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Read once per process. System fonts are left out, so that a document looks alike everywhere."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(files(name)) for name in FONT_PACKAGES])


def document(template: str, data: dict[str, Any], images: Images | None = None) -> bytes:
    """The tagged PDF (PDF/UA-1) of `templates/pdf/<template>.typ` with the data.

    `data` is JSON: text, numbers, lists, dicts. It should hold `title` and `language`. A character
    that no font of ours can draw becomes □, and the data then carry `has_missing_characters`.
    `images` are files (PNG, JPEG, WebP, SVG) by the name that the template calls them by:
    `#picture("qr", alt: …)`. Raises NotDrawable where the document cannot be made.
    """
    return _compiled(template, data, images, "pdf")


def pictures(template: str, data: dict[str, Any], images: Images | None = None) -> list[bytes]:
    """The same document as one PNG a page, to look at."""
    made = _compiled(template, data, images, "png")
    return made if isinstance(made, list) else [made]


def pdf_response(name: str, template: str, data: dict[str, Any]) -> HttpResponse:
    """The document as a file called `name`.pdf, opened in the browser."""
    response = HttpResponse(document(template, data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _compiled(template: str, data: dict[str, Any], images: Images | None, kind: Any) -> Any:
    root = settings.BASE_DIR / "templates" / "pdf"
    text = json.dumps(data, ensure_ascii=False)
    files_given = json.dumps({name: list(content) for name, content in (images or {}).items()})
    for _ in range(MOST_MISSING):
        compiler = typst.Compiler(root / f"{template}.typ", root=root, font_paths=_fonts())
        try:
            return compiler.compile(
                format=kind,
                sys_inputs={"data": text, "images": files_given},
                pdf_standards=[STANDARD],
            )
        except typst.TypstError as error:
            text = _without_missing(text, error)
    raise NotDrawable(f"more than {MOST_MISSING} kinds of characters cannot be drawn")


def _without_missing(text: str, error: typst.TypstError) -> str:
    """The data with the characters that the error names drawn as □. Raises NotDrawable for other errors."""
    found = _NO_GLYPH.search(str(error))
    if not found:
        raise NotDrawable(error.diagnostic) from error
    missing = {character for character in _unescaped(found["text"]) if character != " "} - {MISSING}
    changed = text
    for character in missing:
        changed = changed.replace(character, MISSING)
    if changed == text:
        raise NotDrawable(error.diagnostic) from error
    return json.dumps({**json.loads(changed), "has_missing_characters": True}, ensure_ascii=False)


def _unescaped(shown: str) -> str:
    """Characters as Typst's message shows them: itself, or `\\u{1f600}`."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), shown)
