"""Documents are made with the product's own fonts, tagged, and never refused for a character."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from common.pdf import NotDrawable, document, pictures

TEMPLATE = """#import "base.typ": *
#show: house
= #data.title
#data.body
"""


@pytest.fixture
def letter(settings: Any, tmp_path: Path) -> str:
    """A template `letter` beside the base of the house."""
    base = Path(settings.BASE_DIR) / "templates" / "pdf" / "base.typ"
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "templates" / "pdf"
    folder.mkdir(parents=True)
    (folder / "base.typ").write_text(base.read_text())
    (folder / "letter.typ").write_text(TEMPLATE)
    return "letter"


def text_of(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)


def test_a_document_is_tagged_and_says_its_title_and_language(letter: str) -> None:
    reader = PdfReader(BytesIO(document(letter, {"title": "Our charter", "language": "de", "body": "Größe"})))
    assert reader.metadata.title == "Our charter"
    assert bool(reader.root_object["/MarkInfo"]["/Marked"])
    assert reader.root_object["/Lang"] == "de"


def test_what_no_font_can_draw_becomes_a_square_and_a_note_says_so(letter: str) -> None:
    text = text_of(document(letter, {"title": "Cards", "body": "Lovely 😀 staff 漢字"}))
    assert "Lovely □ staff □□" in text
    assert "cannot print" in text


def test_data_are_words_and_never_typst_code(letter: str) -> None:
    text = text_of(document(letter, {"title": "Cards", "body": '#panic("x") *bold* $x$ \\ " </script>'}))
    assert '#panic("x") *bold* $x$ \\ "' in text


def test_right_to_left_words_can_be_set(letter: str) -> None:
    assert len(document(letter, {"title": "ميثاق", "language": "ar", "body": "مرحبا"})) > 1000


def test_a_template_that_is_wrong_is_refused_with_its_reason(letter: str) -> None:
    with pytest.raises(NotDrawable, match="body"):
        document(letter, {"title": "No body"})


def test_a_document_can_be_looked_at_as_pictures(letter: str) -> None:
    assert pictures(letter, {"title": "Our charter", "body": "Hello"})[0].startswith(b"\x89PNG")
