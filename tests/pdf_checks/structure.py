"""The tree of tags: what a reader who hears the document is led by."""

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf

_HEADINGS = {f"/H{level}": level for level in range(1, 7)}


def elements(pdf: Pdf) -> Iterator[Any]:
    """Yield every element of the tree in the order of reading."""
    left: list[Any] = [pdf.Root.StructTreeRoot]
    while left:
        element = left.pop()
        if "/S" in element:
            yield element
        left.extend(reversed([kid for kid in _kids(element) if isinstance(kid, Dictionary) and "/S" in kid]))


def marked(pdf: Pdf) -> dict[int, set[int]]:
    """Return the numbers of the pieces of content that the tree leads to, by page."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    found: dict[int, set[int]] = {number: set() for number in pages.values()}
    for element in elements(pdf):
        for kid in _kids(element):
            if not isinstance(kid, Dictionary):
                found[pages[element.Pg.objgen]].add(int(kid))
    return found


def faults(pdf: Pdf) -> Iterator[str]:
    """Yield what is wrong."""
    level = 0
    for element in elements(pdf):
        kind = str(element.S)
        if kind in _HEADINGS:
            if _HEADINGS[kind] > level + 1:
                yield f"a heading {kind} follows one of level {level}"
            level = _HEADINGS[kind]
        if kind == "/Figure" and not str(element.get("/Alt", "")):
            yield "a figure has no text that stands for it"
        if kind == "/TH" and str(_attribute(element, "/Scope")) not in ("/Column", "/Row"):
            yield "a table header has no scope"
        if kind == "/Table":
            yield from _table(element)
    yield from _links(pdf)


def _links(pdf: Pdf) -> Iterator[str]:
    links = {
        kid.Obj.objgen
        for element in elements(pdf)
        for kid in _kids(element)
        if isinstance(kid, Dictionary) and "/Obj" in kid
    }
    for number, page in enumerate(pdf.pages, start=1):
        if page.get("/Tabs") != Name.S:
            yield f"page {number} has no order of tabs"
        for annotation in page.get("/Annots", []):
            if annotation.objgen not in links:
                yield f"page {number} has a link that the tree does not know"
            if not str(annotation.get("/Contents", "")) or str(annotation.Contents) == str(annotation.get("/Dest")):
                yield f"page {number} has a link without a description"


def _table(table: Any) -> Iterator[str]:
    rows = list(_rows(table))
    widths = {
        sum(int(_attribute(cell, "/ColSpan") or 1) for cell in _kids(row) if str(cell.S) in ("/TD", "/TH"))
        for row in rows
    }
    if len(widths) != 1:
        yield f"a table has rows of {sorted(widths)} columns"
    if not any(str(cell.S) == "/TH" for cell in _kids(rows[0])):
        yield "a table begins without headers"


def _rows(element: Any) -> Iterator[Any]:
    for kid in _kids(element):
        if str(kid.S) == "/TR":
            yield kid
        elif str(kid.S) in ("/THead", "/TBody", "/TFoot"):
            yield from _rows(kid)


def _kids(element: Any) -> list[Any]:
    kids: Any = element.get("/K", Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def _attribute(element: Any, name: str) -> Any:
    return element.A.get(name) if "/A" in element else None
