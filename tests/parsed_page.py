"""What a browser would find in a page of HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

_VOID = {"meta", "col", "br", "hr"}


@dataclass
class Page(HTMLParser):
    """The parsed page; it fails where an element is not closed, or another is."""

    tags: set[str] = field(default_factory=set)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    style: str = ""
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

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        """Note text."""
        if self.open and self.open[-1] == "style":
            self.style += data
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
