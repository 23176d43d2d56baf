"""PDF/A-3a and PDF/UA-1 without Java: what veraPDF judges in `make test-pdf` is looked at here piece by piece."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from comprova.catalog.text import Language
from comprova.documents.fonts import Fonts
from comprova.documents.pdf import write_pdf
from comprova.documents.render import Rendered
from languages import ENGLISH, LANGUAGES
from pdf_checks import pdf_faults
from pdf_checks.content import text_of
from pdf_checks.structure import elements

_PAGE = """<!doctype html><html lang=en><head><title>A title</title>
<meta name=dcterms.created content=2026-11-01T03:00:00+00:00>
<meta name=dcterms.modified content=2026-11-01T03:00:00+00:00>
<style>
@font-face {{ font-family: x; src: url(font:NotoSans-SemiCondensed) }}
* {{ font-family: x }}
@page {{ @top-left {{ content: "Running head" }} @bottom-left {{ content: counter(page) }} }}
</style></head><body>{body}</body></html>"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_with_hostile_values_keeps_everything(
    rendered: Mapping[Language, Rendered], language: Language
) -> None:
    """Nothing that the checks look at is wrong in either language."""
    assert pdf_faults(rendered[language].pdf or b"", language.tag) == []


def _written(fonts: Fonts, body: str) -> Pdf:
    return pikepdf.open(BytesIO(write_pdf(_PAGE.format(body=body), fonts, "00")))


def test_passages_in_another_language_say_so(fonts: Fonts) -> None:
    """The language of an element stands on its tag."""
    with _written(fonts, "<h1>Title</h1><p lang=pt-BR>Olá</p><pre lang=en>SELECT 1</pre>") as pdf:
        languages = [(str(element.S), str(element.get("/Lang", ""))) for element in elements(pdf)]
    assert ("/P", "pt-BR") in languages
    assert ("/P", "en") in languages
    assert ("/H1", "") in languages


def test_running_heads_and_decoration_are_artifacts(fonts: Fonts) -> None:
    """What stands in the margin of every page, and a picture that says nothing, have no place in the tree."""
    art = "<svg aria-hidden=true width=9 height=9><rect width=9 height=9 /></svg>"
    body = f"<h1>Title</h1>{art}<p>Some <a href=#end>words and a link</a></p><p id=end>The end</p>"
    with _written(fonts, body) as pdf:
        kinds = [str(element.S) for element in elements(pdf)]
        text = text_of(pdf.pages[0])
        content = pdf.pages[0].Contents.read_bytes()
        (link,) = pdf.pages[0].Annots
        assert str(link.Contents) == "words and a link"
    assert "/Figure" not in kinds
    assert "Running head" in text  # drawn, and read back, but not led to
    assert content.count(b"/Type /Pagination") == 2
    assert content.count(b"/Type /Layout") == 1


def test_headers_of_tables_have_a_scope(fonts: Fonts) -> None:
    """Headers of rows and of columns are told apart, and cells do not list them again."""
    table = (
        "<table><thead><tr><th scope=col>a</th><th scope=col>b</th></tr></thead>"
        "<tbody><tr><th scope=rowgroup colspan=2>c</th></tr><tr><th scope=row>d</th><td>e</td></tr></tbody></table>"
    )
    with _written(fonts, f"<h1>Title</h1>{table}") as pdf:
        scopes = [str(element.A.Scope) for element in elements(pdf) if element.S == Name.TH]
        assert not [element for element in elements(pdf) if element.S == Name.TD and "/A" in element]
    assert scopes == ["/Column", "/Column", "/Column", "/Row"]


def _first(pdf: Pdf, kind: str) -> Any:
    return next(element for element in elements(pdf) if str(element.S) == kind)


def _add_mark(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"/Span <</MCID 9999>> BDC EMC")


def _no_glyph(pdf: Pdf) -> None:
    (name, *_) = pdf.pages[1].Resources.Font.keys()
    pdf.pages[1].contents_add(f"/Artifact BMC BT {name} 9 Tf <0000> Tj ET EMC".encode())


def _relabel(pdf: Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["pdfaid:conformance"] = "B"


def _attach(pdf: Pdf) -> None:
    held = pikepdf.AttachedFileSpec(
        pdf, b"abc", description="", filename="a.bin", mime_type="", creation_date="", mod_date=""
    )
    held.obj.AFRelationship = Name.Unspecified
    pdf.attachments["a.bin"] = held


_DAMAGES: Mapping[str, tuple[Callable[[Pdf], object], str]] = {
    "untagged content": (lambda pdf: pdf.pages[0].contents_add(b"0 0 9 9 re f"), "neither tagged nor an artifact"),
    "a mark that no tag knows": (_add_mark, "tags and content differ"),
    "a character without a glyph": (_no_glyph, "without a glyph"),
    "XMP of another level": (_relabel, "XMP identifies"),
    "an attachment out of nothing": (_attach, "a.bin has the relationship"),
    "a script": (lambda pdf: pdf.Root.__setitem__("/OpenAction", Dictionary(S=Name.JavaScript)), "acts by itself"),
    "no language": (lambda pdf: pdf.Root.__delitem__("/Lang"), "language is None"),
    "no output intent": (lambda pdf: pdf.Root.__delitem__("/OutputIntents"), "no output intent"),
    "no bookmarks": (lambda pdf: pdf.Root.__delitem__("/Outlines"), "no bookmarks"),
    "no order of tabs": (lambda pdf: pdf.pages[0].__delitem__("/Tabs"), "no order of tabs"),
    "a skipped heading": (lambda pdf: _first(pdf, "/H2").__setitem__("/S", Name.H4), "a heading /H4 follows"),
    "a silent figure": (lambda pdf: _first(pdf, "/Figure").__delitem__("/Alt"), "no text that stands for it"),
    "a header without scope": (lambda pdf: _first(pdf, "/TH").A.__delitem__("/Scope"), "no scope"),
    "a row too short": (lambda pdf: _first(pdf, "/TR").__setitem__("/K", Array()), "rows of [0, "),
    "a link out": (
        lambda pdf: pdf.pages[0].Annots[0].__setitem__("/A", Dictionary(S=Name.URI, URI=String("http://x"))),
        "does not stay in the document",
    ),
    "a font that is elsewhere": (
        lambda pdf: [
            font.FontDescriptor.__delitem__("/FontFile2")
            for font in pdf.objects
            if isinstance(font, Dictionary) and "/FontDescriptor" in font
        ],
        "is not in the file",
    ),
}


@pytest.mark.parametrize("damage", _DAMAGES)
def test_the_checks_see_damage(rendered: Mapping[Language, Rendered], damage: str) -> None:
    """Each kind of fault, made by hand in a file that has none, is told."""
    harm, told = _DAMAGES[damage]
    out = BytesIO()
    with pikepdf.open(BytesIO(rendered[ENGLISH].pdf or b"")) as pdf:
        harm(pdf)
        pdf.save(out)
    assert [fault for fault in pdf_faults(out.getvalue(), "en") if told in fault]
