"""HTML in plain words, as the quiz shows them: paragraphs, lists, and nothing that could do harm."""

import re
from html.parser import HTMLParser

BLOCKS = {"p", "div", "br", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "blockquote", "pre", "table"}
LISTS = {"ul", "ol"}
UNSEEN = {"script", "style", "head", "title", "template"}
PICTURES = {"img", "video", "audio", "object", "embed", "iframe", "svg", "canvas"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.has_pictures = False
        self._numbers: list[int | None] = []
        self._unseen = 0
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in PICTURES:
            self.has_pictures = True
            self.words.append(given.get("alt") or "")
        elif tag in UNSEEN:
            self._unseen += 1
        elif tag == "li":
            self.words.append(f"\n{self._mark()} ")
        elif tag in LISTS:
            self._numbers.append(0 if tag == "ol" else None)
            self.words.append("\n")
        elif tag in BLOCKS:
            self.words.append("\n" if tag in ("br", "tr") else "\n\n")
        elif tag in ("td", "th"):
            self.words.append(" ")
        elif tag == "a":
            address = given.get("href") or ""
            self._address = address if address.startswith(("https://", "http://")) else ""

    def _mark(self) -> str:
        if not self._numbers or self._numbers[-1] is None:
            return "-"
        self._numbers[-1] += 1
        return f"{self._numbers[-1]}."

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in LISTS:
            if self._numbers:
                self._numbers.pop()
            self.words.append("\n\n")
        elif tag in BLOCKS and tag != "br":
            self.words.append("\n\n")
        elif tag == "a" and self._address:
            if self.words and self.words[-1].strip() != self._address:
                self.words.append(f" ({self._address})")
            self._address = ""

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(re.sub(r"\s+", " ", data))


def plain_words(html: str) -> tuple[str, bool]:
    """The words of the HTML, and whether it held pictures, sound or films, which are not carried."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = "".join(reader.words).replace("\u00a0", " ")
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", re.sub(r" {2,}", " ", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip(), reader.has_pictures
