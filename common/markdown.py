"""Markdown as authors write it: HTML off, links cleaned, no pictures from elsewhere.

A room with pictures of its own writes them as `![what it shows](picture:reference)`.
"""

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "h2", "h3", "h4", "h5", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
_LARGEST_HEADING = 3
_OWN_PICTURE = re.compile(r"picture:([A-Za-z0-9_-]{1,20})")

_BARE_ADDRESS = re.compile(
    r"(?<![\w<(\[/:.@+-])(?:https?://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)

_TAG = re.compile(r"(<[^>]*>)")
_TO_REACH = re.compile(r"(?<![\w+(.-])(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[+(]?\d[\d ()/-]{5,}\d)(?!\w)")

_reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@lru_cache(maxsize=2_000)
def prose(text: str, largest: int = _LARGEST_HEADING, pictures: str = "") -> SafeString:
    """The text as HTML that can do no harm. Its `#` becomes a heading of the level `largest`, never h1:
    the page has its own. `pictures` is the address below which own pictures lie; without it, and for
    pictures from elsewhere, nothing is shown."""
    tokens = _reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(max(int(token.tag[1]) + largest - 1, 2), 5)}"
        if pictures and token.children:
            token.children = [_at_home(child, pictures) for child in token.children]
    made = _reader.renderer.render(tokens, _reader.options, {})
    return SafeString(
        nh3.clean(
            made,
            tags=TAGS | {"img"} if pictures else TAGS,
            attributes=ATTRIBUTES | {"img": {"src", "alt"}} if pictures else ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel="nofollow noopener",
        )
    )


def _at_home(token: Token, pictures: str) -> Token:
    """An own picture with the address that it has; any other becomes nothing."""
    if token.type != "image":
        return token
    own = _OWN_PICTURE.fullmatch(str(token.attrGet("src")))
    if own is None:
        return Token("text", "", 0)
    token.attrs = {"src": f"{pictures}{own[1]}/", "alt": ""}
    return token


def pictures_in(text: str) -> list[tuple[str, str]]:
    """(what it shows, reference) of every picture in the text; no reference where it lies elsewhere."""
    found = []
    for token in _reader.parse(text):
        for child in token.children or []:
            if child.type == "image":
                own = _OWN_PICTURE.fullmatch(str(child.attrGet("src")))
                found.append((child.content.strip(), own[1] if own else ""))
    return found


def with_links(text: str) -> str:
    """The text with bare web and mail addresses written as Markdown's own links."""
    return _BARE_ADDRESS.sub(lambda found: f"<{found[0]}>", text)


def whole_addresses(made: str) -> SafeString:
    """HTML of `prose` with every telephone number and mail address in an isolated run of its own: the
    number on one line, the address too unless the line is shorter; then it breaks behind the “@”."""
    parts = _TAG.split(made)
    parts[::2] = [_TO_REACH.sub(_whole, text) for text in parts[::2]]
    return SafeString("".join(parts))


def _whole(found: re.Match[str]) -> str:
    if "@" in found[0]:
        return f'<bdi dir="ltr">{found[0].replace("@", "@<wbr>")}</bdi>'
    return f'<bdi class="whole" dir="ltr">{found[0]}</bdi>'


@lru_cache(maxsize=2_000)
def plain_blocks(text: str) -> tuple[str, ...]:
    """The text's paragraphs, headings and list items without their marks, for paper.

    Items begin with a bullet, or with their number.
    """
    found: list[str] = []
    lists: list[int | None] = []
    mark = ""
    for token in _reader.parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            number = lists[-1]
            mark = "• " if number is None else f"{number}. "
            lists[-1] = None if number is None else number + 1
        elif token.type == "inline":
            found.append(mark + "".join(_plain_inline(child) for child in token.children or []))
            mark = ""
        elif token.type in ("fence", "code_block"):
            found.append(token.content.rstrip())
    return tuple(block for block in found if block.strip())


def _plain_inline(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return token.content
