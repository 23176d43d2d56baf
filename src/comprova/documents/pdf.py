"""Lays a paper frame out as PDF: one file that is PDF/A-3a (to be kept) and PDF/UA-1 (to be read by everyone)."""

import gc
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from comprova.documents.fetching import FontsOnly
from comprova.documents.fonts import Fonts
from comprova.documents.metadata import BothStandards
from comprova.documents.tagging import completed_tags
from comprova.errors import ContentError, Problem


def write_pdf(html: str, fonts: Fonts, identifier: str, attachments: Sequence[Attachment] = ()) -> bytes:
    """Return the PDF of an HTML text: the same bytes for the same text, fonts and libraries.

    Args:
        html: The whole document, style included; it can fetch nothing but `fonts`.
        fonts: Of the templates.
        identifier: Hexadecimal; names the document inside the PDF.
        attachments: In the order of their names.

    Raises:
        ContentError: The document asks for something else than its fonts.
    """
    fetcher = FontsOnly(fonts)
    document = HTML(string=html, base_url=None, url_fetcher=fetcher)
    options = {"pdf_variant": "pdf/a-3a", "pdf_identifier": identifier.encode("ascii"), "output_intent": "srgb"}
    attached = {"attachments": list(attachments)}
    data = None
    # A refusal is not an Exception, so that nothing takes it for a missing picture; here it becomes an error of ours.
    with _no_collection(), _unclosed_profile(), completed_tags(), suppress(FatalURLFetchingError):
        laid_out = document.render(font_config=FontConfiguration(), **options)
        laid_out.metadata = BothStandards(**vars(laid_out.metadata))
        data = laid_out.write_pdf(finisher=_name_attachments_once, **options, **attached)
    if fetcher.refused:
        found = ", ".join(repr(url) for url in fetcher.refused)
        raise ContentError(Problem("templates", "no address but those of its own fonts", found))
    if not isinstance(data, bytes):
        message = f"WeasyPrint returned {type(data).__name__} instead of bytes"
        raise TypeError(message)
    return data


def _name_attachments_once(_document: Any, pdf: Any) -> None:
    """Take each file out of the list of associated files that WeasyPrint put there twice."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


@contextmanager
def _unclosed_profile() -> Iterator[None]:
    """Let WeasyPrint leave the file of its colour profile to be closed by whom it may concern."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "unclosed file .*sRGB2014", ResourceWarning)
        yield


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from walking millions of live boxes again and again: a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
