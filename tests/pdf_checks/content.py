"""What is drawn: all of it tagged or an artifact, with fonts that the file holds and text that can be read back."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
from pikepdf import Name, Object, Operator, Page, Pdf, Stream

from pdf_checks.structure import marked

_DRAWS = {"TJ", "Tj", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh", "EI"}
_TEXT = {"TJ", "Tj"}
_CODES = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")
_GLYPH_BYTES = 2


def faults(pdf: Pdf) -> Iterator[str]:
    """Yield what is wrong."""
    fonts: dict[tuple[int, int], Mapping[int, str]] = {}
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == Name.Font and "/DescendantFonts" in item:
            yield from _font(item)
            fonts[item.objgen] = _unicode(item)
    tagged = marked(pdf)
    for number, page in enumerate(pdf.pages):
        drawn: set[int] = set()
        for fault in (*_marks(page, drawn), *_texts(page, fonts)):
            yield f"page {number + 1}: {fault}"
        if drawn != tagged[number]:
            yield f"page {number + 1}: tags and content differ in {sorted(drawn ^ tagged[number])}"


def text_of(page: Page) -> str:
    """Return the text of a page as the file's own tables read it."""
    fonts = {item.objgen: _unicode(item) for item in page.Resources.Font.values()}
    return "".join(text for text, _ in _shown(page, fonts))


def _marks(page: Page, drawn: set[int]) -> Iterator[str]:
    open_marks: list[int | None] = []
    for instruction in pikepdf.parse_content_stream(page):
        name = str(instruction.operator)
        if name in ("BMC", "BDC"):
            mark = _mark(instruction.operands)
            open_marks.append(mark)
            if mark is not None:
                drawn.add(mark)
            if len(open_marks) > 1:
                yield "marked content inside marked content"
        elif name == "EMC":
            open_marks.pop()
        elif name in _DRAWS and not open_marks:
            yield f"{name} draws what is neither tagged nor an artifact"


def _texts(page: Page, fonts: Mapping[tuple[int, int], Mapping[int, str]]) -> Iterator[str]:
    for text, codes in _shown(page, fonts):
        if 0 in codes:
            yield f"a character without a glyph in {text!r}"
        if any(0xE000 <= ord(letter) <= 0xF8FF or ord(letter) >= 0xF0000 for letter in text):
            yield f"text that reads back as private use in {text!r}"
        if "\x00" in text:
            yield f"a glyph that does not read back in {text!r}"


def _mark(operands: Any) -> int | None:
    """Return the number of a piece of content; None of an artifact."""
    if str(operands[0]) == "/Artifact":
        return None
    return int(operands[1].MCID)


def _shown(page: Page, fonts: Mapping[tuple[int, int], Mapping[int, str]]) -> Iterator[tuple[str, list[int]]]:
    """Yield each text that a page shows, as it reads back (NUL where it does not), with its glyphs."""
    font: Mapping[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        if instruction.operator == Operator("Tf"):
            font = fonts[page.Resources.Font[str(instruction.operands[0])].objgen]
        elif str(instruction.operator) in _TEXT:
            shown = instruction.operands[0]
            parts = shown if isinstance(shown, pikepdf.Array) else [shown]
            data = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            pairs = range(0, len(data), _GLYPH_BYTES)
            codes = [int.from_bytes(data[start : start + _GLYPH_BYTES], "big") for start in pairs]
            yield "".join(font.get(code, "\x00") for code in codes), codes


def _font(font: Object) -> Iterator[str]:
    for descendant in font.DescendantFonts:
        descriptor = descendant.FontDescriptor
        if not {"/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            yield f"{font.BaseFont} is not in the file"
    if not isinstance(font.get("/ToUnicode"), Stream):
        yield f"{font.BaseFont} does not read back"


def _unicode(font: Object) -> Mapping[int, str]:
    table = font.ToUnicode.read_bytes().decode("ascii")
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in _CODES.findall(table) if text}
