"""Completes the structure that WeasyPrint gives a PDF, for readers who hear the document.

WeasyPrint 70 builds the tree of tags in one recursive function and offers no hook; it is wrapped while a document is
written. What it leaves out, and PDF/UA-1 (ISO 14289-1) asks for: languages of passages (7.2), decoration, running heads
and page numbers as artifacts (7.1, 7.8), the scope of table headers (7.5), links described by their words (7.18.5).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags

_build = tags._build_box_tree  # noqa: SLF001 - there is no public way, see above


@contextmanager
def completed_tags() -> Iterator[None]:
    """Complete the tags of documents that are written meanwhile."""
    tags._build_box_tree = _completed  # noqa: SLF001
    try:
        yield
    finally:
        tags._build_box_tree = _build  # noqa: SLF001


def _completed(  # noqa: PLR0913, PLR0917 - WeasyPrint's own parameters
    box: Any,
    parent: Any,
    pdf: Any,
    page_number: int,
    nums: dict[int, Any],
    annotations: list[Any],
    marks: dict[Any, Any],
) -> Iterator[Any]:
    """Build the elements of a box, as WeasyPrint does, and complete them."""
    arguments = (box, parent, pdf, page_number, nums, annotations, marks)
    if isinstance(box, AbsolutePlaceholder):
        box = box._box  # noqa: SLF001
    if isinstance(box, boxes.MarginBox):
        _leave_out(arguments, "/Pagination")
        return
    if box.element is None or box.element_tag in ("html", "body"):
        yield from _build(*arguments)
        return
    if box.element.get("aria-hidden") == "true":
        _leave_out(arguments, "/Layout")
        return
    before = len(pdf.objects)
    for element in _build(*arguments):
        if element["S"] == "/Table" and not element["K"]:
            # A page that ends before the first row of a table has a part of it without any.
            del pdf.objects[before:]
            continue
        _complete(element, box)
        if element["S"] == "/Table":
            _drop_header_lists(pdf.objects[before:])
        yield element


def _leave_out(arguments: tuple[Any, ...], kind: str) -> None:
    """Make an artifact of what has no place in the order of reading."""
    _, _, pdf, page_number, nums, _, marks = arguments
    before, known = len(pdf.objects), dict(marks)
    for _ in _build(*arguments):
        pass
    del pdf.objects[before:]  # its elements belong to no tree
    left_out = {known[box]["mcid"] for box in known.keys() - marks.keys()}
    nums |= dict.fromkeys(left_out, b"null")  # the place in the page's array stays
    page = pdf.objects[_number(pdf.page_references[page_number])]
    stream = pdf.objects[_number(page["Contents"])].stream
    for place, token in enumerate(stream):
        if isinstance(token, pydyf.Dictionary) and token.get("MCID") in left_out:
            stream[place - 1 : place + 1] = ["/Artifact", pydyf.Dictionary({"Type": kind})]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _complete(element: Any, box: Any) -> None:
    if language := box.element.get("lang"):
        element["Lang"] = pydyf.String(language)
    if element["S"] == "/TH":
        element["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"
    if element["S"] == "/NonStruct" and box.element_tag == "pre":
        element["S"] = "/P"
    if box.link_annotation:
        box.link_annotation["Contents"] = pydyf.String(" ".join("".join(box.element.itertext()).split()))


def _drop_header_lists(objects: list[Any]) -> None:
    """Drop the headers listed for each cell: their scope says the same in a tenth of the bytes.

    WeasyPrint lists every heading inside a table for all its rows, those above it too.
    """
    for element in objects:
        if isinstance(element, pydyf.Dictionary) and element.get("S") in ("/TH", "/TD"):
            element.pop("ID", None)
            element["A"].pop("Headers", None)
            if element["A"].keys() == {"O"}:
                del element["A"]
