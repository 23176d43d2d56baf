"""Measures a laid out document: text beyond its page, cell, clip or chart, and text over other text or over a bar.

All lengths are CSS pixels. What is measured is what WeasyPrint is about to draw: its tree of boxes, page by page. A
chart is one box in that tree, so the places of its texts come from its attributes and their widths from the fonts, as
when WeasyPrint draws it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from typing import Any, Self

import pytest
from weasyprint import HTML, Document
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.formatting_structure import boxes
from weasyprint.images import SVGImage
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.svg.text import Style
from weasyprint.text.line_break import split_first_line

from comprova.documents import pdf

_TOLERANCE = 0.5
"""Rounding of fonts and of table columns."""

_ASCENDER, _DESCENDER = 0.76, 0.24
"""How far letters reach above and below their base line, in em, in the fonts of the templates: accents aside."""

_SPACE = 0.25
"""Width of the space that ends a line, in em; it may hang out of it."""

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class _Area:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of_content(cls, box: Any) -> Self:
        left, top = box.content_box_x(), box.content_box_y()
        return cls(left, top, left + box.width, top + box.height)

    @classmethod
    def of_padding(cls, box: Any) -> Self:
        left, top = box.padding_box_x(), box.padding_box_y()
        return cls(left, top, left + box.padding_width(), top + box.padding_height())

    @classmethod
    def of_letters(cls, box: Any) -> Self:
        """Return where the letters of a text are: lines may be lower than their font."""
        left, line, size = box.position_x, box.position_y + box.baseline, box.style["font_size"]
        hanging = (len(box.text) - len(box.text.rstrip())) * _SPACE * size
        return cls(left, line - _ASCENDER * size, left + box.width - hanging, line + _DESCENDER * size)

    def covers(self, other: "_Area") -> bool:
        """Return whether this one lies over a part of another."""
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return down > _TOLERANCE and min(self.right, other.right) - max(self.left, other.left) > _TOLERANCE

    def beyond(self, outer: "_Area") -> float:
        """Return how far this one reaches beyond another."""
        return max(outer.left - self.left, outer.top - self.top, self.right - outer.right, self.bottom - outer.bottom)

    def beyond_sideways(self, outer: "_Area") -> float:
        """Return how far this one reaches beyond another to the left or right."""
        return max(outer.left - self.left, self.right - outer.right)


@dataclass(frozen=True, slots=True)
class _Text:
    """A piece of text as it stands on a page, in areas that it must not leave, beside bars that it must not touch."""

    area: _Area
    text: str
    limits: tuple[tuple[str, _Area], ...]
    bars: tuple[_Area, ...] = ()


@contextmanager
def kept_layouts(patch: pytest.MonkeyPatch) -> Iterator[list[Document]]:
    """Give the layout of every PDF that is written meanwhile, in the order in which they are."""
    kept: list[Document] = []

    class Kept(HTML):  # type: ignore[misc]
        def render(self, *args: Any, **options: Any) -> Document:
            document = super().render(*args, **options)
            kept.append(document)
            return document

    with patch.context() as patched:
        patched.setattr(pdf, "HTML", Kept)
        yield kept


def overflows(document: Document) -> Iterator[str]:
    """Yield in words every text that leaves its page, its cell or a clip, and every text that lies over another."""
    for number, page in enumerate(document.pages, start=1):
        box = page._page_box
        texts = [*_texts_of_page(box)]
        for text in texts:
            for name, area in text.limits:
                beyond = text.area.beyond(area) if name != "its line" else text.area.beyond_sideways(area)
                if beyond > _TOLERANCE:
                    yield f"page {number}: {_short(text.text)} reaches {beyond:.1f} px beyond {name}"
            if any(text.area.covers(bar) for bar in text.bars):
                yield f"page {number}: {_short(text.text)} lies over a bar of its chart"
        over = (
            f"page {number}: {_short(lower.text)} lies over {_short(upper.text)}" for upper, lower in _overlaps(texts)
        )
        yield from dict.fromkeys(over)  # a leader is a text for each of its dots


def _texts_of_page(page: Any) -> Iterator[_Text]:
    sheet = _Area(0, 0, page.margin_width(), page.margin_height())
    content = _Area.of_content(page)
    for child in page.children:
        in_margin = isinstance(child, boxes.MarginBox)
        limits = (("the sheet", sheet),) if in_margin else (("the sheet", sheet), ("the page's content", content))
        yield from _texts(child, limits)


def _texts(box: Any, limits: tuple[tuple[str, _Area], ...]) -> Iterator[_Text]:
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.TextBox):
        if box.text.strip() and box.style["visibility"] == "visible":
            yield _Text(_Area.of_letters(box), box.text, limits)
        return
    if not isinstance(box, boxes.ParentBox):
        yield from _texts_of_chart(box, limits)
        return
    if box.style["position"] in {"absolute", "fixed"}:
        limits = tuple(one for one in limits if one[0] == "the sheet")
    if isinstance(box, boxes.TableCellBox):
        limits = (*limits, ("its table cell", _Area.of_padding(box)))
    elif isinstance(box, boxes.BlockContainerBox) and any(isinstance(child, boxes.LineBox) for child in box.children):
        limits = (*limits, ("its line", _Area.of_padding(box)))
    if box.style["overflow"] != "visible":
        limits = (*limits, ("what clips it", _Area.of_padding(box)))
    for child in box.children:
        yield from _texts(child, limits)


def _texts_of_chart(box: Any, limits: tuple[tuple[str, _Area], ...]) -> Iterator[_Text]:
    """Yield the texts of a box that is a chart: horizontal ones, in its own coordinates, as in all charts here."""
    if not isinstance(box, boxes.ReplacedBox) or not isinstance(box.replacement, SVGImage):
        return
    svg, content = box.replacement._svg, _Area.of_content(box)
    _, _, width, height = svg.get_viewbox()
    scale = min(box.width / width, box.height / height)
    left, top = content.left + (box.width - width * scale) / 2, content.top + (box.height - height * scale) / 2

    def placed(x: float, y: float, across: float, down: float) -> _Area:
        return _Area(left + x * scale, top + y * scale, left + (x + across) * scale, top + (y + down) * scale)

    elements = [(element.tag.rpartition("}")[2], element) for element in svg.tree._etree_node.iter()]
    bars = tuple(
        placed(*(float(element.get(name)) for name in ("x", "y", "width", "height")))
        for tag, element in elements
        if tag == "rect"
    )
    for tag, element in elements:
        if tag == "text" and (text := (element.text or "").strip()):
            size = float(element.get("font-size"))
            long = _width(text, element, size, box.replacement)
            start = float(element.get("x")) - {"middle": long / 2, "end": long}.get(element.get("text-anchor"), 0)
            line = float(element.get("y")) - _ASCENDER * size
            area = placed(start, line, long, (_ASCENDER + _DESCENDER) * size)
            yield _Text(area, text, (*limits, ("its chart", content)), bars)


def _width(text: str, element: Any, size: float, image: Any) -> float:
    style = Style(INITIAL_VALUES)
    style.font_config = image._svg.font_config
    style["font_family"] = [name.strip() for name in element.get("font-family").split(",")]
    style["font_weight"], style["font_size"] = int(element.get("font-weight", "400")), size
    return float(split_first_line(text, style, image._context, inf, 0)[3])


def _overlaps(texts: list[_Text]) -> Iterator[tuple[_Text, _Text]]:
    """Yield pairs of texts of which one lies over the other."""
    ordered = sorted(texts, key=lambda one: one.area.top)
    for index, upper in enumerate(ordered):
        for lower in ordered[index + 1 :]:
            if lower.area.top >= upper.area.bottom:
                break
            if upper.area.covers(lower.area):
                yield upper, lower


def _short(text: str) -> str:
    shown = text.strip()
    return repr(shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…")
