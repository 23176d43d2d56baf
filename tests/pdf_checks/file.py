"""Around the pages: metadata, catalog, output intent, attachments, and nothing that acts."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

_PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
_PDFUAID = "{http://www.aiim.org/pdfua/ns/id/}"
_ACTIVE = {"/AA", "/AcroForm", "/JS", "/OpenAction", "/RichMediaContent", "/XFA"}
_DATE = re.compile(r"D:\d{14}Z")
_RELATIONSHIPS = {"/Data", "/Supplement"}


def faults(pdf: Pdf, language: str) -> Iterator[str]:
    """Yield what is wrong."""
    yield from _metadata(pdf, language)
    yield from _catalog(pdf, language)
    yield from _active(pdf)
    yield from _attachments(pdf)


def _metadata(pdf: Pdf, language: str) -> Iterator[str]:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        said = {key: xmp.get(key) for key in (f"{_PDFAID}part", f"{_PDFAID}conformance", f"{_PDFUAID}part")}
        title, languages = xmp.get("dc:title"), xmp.get("dc:language")
    if list(said.values()) != ["3", "A", "1"]:
        yield f"XMP identifies {said}"
    if not title or title != str(pdf.docinfo.get("/Title")):
        yield f"the title is {title!r} in XMP and {pdf.docinfo.get('/Title')!r} beside it"
    if languages is None or set(languages) != {language}:
        yield f"XMP has the language {languages!r}"
    for key in ("/CreationDate", "/ModDate"):
        if not str(pdf.docinfo.get(key, "")).startswith("D:2"):
            yield f"{key} is {pdf.docinfo.get(key)!r}"


def _catalog(pdf: Pdf, language: str) -> Iterator[str]:
    root: Any = pdf.Root
    if str(root.get("/Lang")) != language:
        yield f"the document's language is {root.get('/Lang')!r}"
    if "/MarkInfo" not in root or not root.MarkInfo.get("/Marked"):
        yield "it is not marked as tagged"
    if "/ViewerPreferences" not in root or not root.ViewerPreferences.get("/DisplayDocTitle"):
        yield "viewers would show the file's name, not its title"
    if "/Outlines" not in root or int(root.Outlines.Count) == 0:
        yield "there are no bookmarks"
    intents = list(root.get("/OutputIntents", []))
    if [intent.S for intent in intents] != [Name.GTS_PDFA1] or int(intents[0].DestOutputProfile.N) != 3:
        yield "there is no output intent of PDF/A in RGB"
    if len(pdf.trailer.get("/ID", [])) != 2:
        yield "there is no identifier"
    if pdf.is_encrypted:
        yield "it is encrypted"


def _active(pdf: Pdf) -> Iterator[str]:
    for number, item in enumerate(pdf.objects):
        if isinstance(item, Dictionary | Stream):
            if active := _ACTIVE & set(item.keys()):
                yield f"object {number} acts by itself: {sorted(active)}"
            if item.get("/Type") == Name.Annot and item.get("/Subtype") != Name.Link:
                yield f"object {number} is an annotation {item.get('/Subtype')}"
            if item.get("/Subtype") == Name.Link and ("/Dest" not in item or "/A" in item):
                yield f"object {number} is a link that does not stay in the document"
            if isinstance(item.get("/S"), Name) and str(item.S) in ("/URI", "/Launch", "/GoToR", "/JavaScript"):
                yield f"object {number} is an action {item.S}"


def _attachments(pdf: Pdf) -> Iterator[str]:
    associated = [item.objgen for item in pdf.Root.get("/AF", [])]
    named = [item.obj.objgen for item in pdf.attachments.values()]
    if len(set(associated)) != len(associated) or set(associated) != set(named):
        yield "the associated files are not the attached files, once each"
    if list(pdf.attachments) != sorted(pdf.attachments):
        yield "the attachments are not in the order of their names"
    for name, item in pdf.attachments.items():
        held = item.get_file()
        if str(item.obj.get("/AFRelationship")) not in _RELATIONSHIPS:
            yield f"{name} has the relationship {item.obj.get('/AFRelationship')!r}"
        if not item.description or item.filename != name:
            yield f"{name} is not described"
        if "/" not in held.mime_type or held.mime_type == "application/octet-stream":
            yield f"{name} has the type {held.mime_type!r}"
        if hashlib.md5(held.read_bytes(), usedforsecurity=False).digest() != held.md5:
            yield f"{name} is not what its checksum says"
        parameters = held.obj.Params
        for key in ("/CreationDate", "/ModDate"):
            if not _DATE.fullmatch(str(parameters.get(key, ""))):
                yield f"{name} has the date {parameters.get(key)!r}"


def attached(pdf: pikepdf.Pdf) -> dict[str, bytes]:
    """Return the attached files by name."""
    return {name: item.get_file().read_bytes() for name, item in pdf.attachments.items()}
