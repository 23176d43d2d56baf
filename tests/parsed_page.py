"""What a browser would find in a page of HTML."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

from comprova.content import builtin_root

_VOID = {"meta", "col", "br", "hr", "input"}
_LOADING = {"img", "link", "iframe", "base", "form", "object", "embed", "audio", "video", "source"}
_DANGEROUS = re.compile(
    r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|\bFunction\b|fetch|XMLHttp|\bimport\b|Storage|cookie"
)
"""What a script would need to run a value, to ask anybody or to remember anything."""


@dataclass
class Page(HTMLParser):
    """The parsed page; it fails where an element is not closed, or another is."""

    tags: set[str] = field(default_factory=set)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    style: str = ""
    script: str = ""
    headings: list[int] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin."""
        super().__init__()

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Return the parsed page of a file."""
        page = cls()
        page.feed(data.decode())
        page.close()
        assert not page.open, "every element is closed"
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.headings.append(int(tag[1]))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without content."""
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        """Note text."""
        if self.open and self.open[-1] == "style":
            self.style += data
        elif self.open and self.open[-1] == "script":
            self.script += data
        elif data.strip():
            self.texts.append(data)

    def values(self, name: str) -> list[str]:
        """Return the values of an attribute, in the order of the page."""
        return [value for _, attribute, value in self.attributes if attribute == name]

    @property
    def scopes(self) -> set[str]:
        """What the headers of tables are headers of."""
        return {value for tag, name, value in self.attributes if (tag, name) == ("th", "scope")}

    @property
    def text(self) -> str:
        """All text, with single spaces."""
        return " ".join(" ".join(self.texts).split())

    def assert_inert(self) -> None:
        """Fail if anything in the page could run or load, but the one script that its policy names by hash."""
        script = (builtin_root().folder("templates") / "screen.js").read_text(encoding="utf-8")
        assert self.script == script
        assert not _DANGEROUS.search(script)
        assert not re.search(r"(?i)</script|<!--", script), "would end the element"
        assert "url(" not in self.style
        assert "@import" not in self.style
        assert not _LOADING & self.tags
        names = {name for _, name, _ in self.attributes}
        assert not {name for name in names if name.startswith("on") or name in {"style", "src", "srcdoc", "action"}}
        policies = [value for value in self.values("content") if value.startswith("default-src")]
        allowed = f"default-src 'none'; style-src '{_source(self.style)}'; script-src '{_source(script)}'"
        refused = "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        assert policies == [f"{allowed}; {refused}"]


def _source(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
