"""Renders the documents of one edition in one language: a pure function of the evidence folder and the templates."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from comprova.catalog.text import Language
from comprova.content import builtin_root
from comprova.documents.attachments import AttachedKind
from comprova.documents.definition import Format, ReportDefinition
from comprova.documents.display import Display
from comprova.documents.fonts import read_fonts
from comprova.documents.html import Medium, Typesetter
from comprova.documents.listing import build_listing
from comprova.documents.masking import masking_of
from comprova.documents.rendition import Rendition
from comprova.documents.view import build_view
from comprova.documents.wording import wording_of
from comprova.evidence.manifest import files_below
from comprova.evidence.reader import Evidence
from comprova.evidence.review import Review
from comprova.evidence.secrets import secrets_of

_IDENTIFIER_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of one document; None for a format that its definition does not name."""

    html: bytes | None
    pdf: bytes | None


def render(  # noqa: PLR0913, PLR0917 - all that a document is a function of
    evidence: Evidence,
    framework_key: str,
    language: Language,
    definition: ReportDefinition,
    templates: Path,
    sealed_at: datetime | None,
    review: Review | None = None,
) -> Rendered:
    """Render one document.

    Args:
        evidence: The sealed folder.
        framework_key: The edition, such as `pci-dss-4.0.1`; the run must have assessed it.
        language: Of the words; values stay as logged.
        definition: Which parts it has, and how much of the rows.
        templates: The folder of templates, style sheets, fonts and catalogues.
        sealed_at: When the evidence was sealed, as the run's ledger says; None where that is not known.
        review: What people say of its findings; None where nobody has said anything.

    Raises:
        ComprovaError: The evidence cannot be read, or says nothing of the edition.
        ContentError: The templates lack a font or a text.
    """
    fonts = read_fonts(templates)
    display = Display(fonts.drawable, definition.value_characters, secrets_of(evidence.catalog.secrets))
    wording = wording_of(templates, language, display)
    modified = templates_sha256(templates) != templates_sha256(builtin_root().folder("templates"))
    masking = masking_of(evidence, definition.personal)
    shown = replace(evidence, findings=masking.findings(evidence.findings))
    rendition = Rendition(shown, definition, language, display, masking, masking.review(review or Review()))
    view = build_view(rendition, framework_key, sealed_at, modified_templates=modified)
    typesetter = Typesetter(templates, language, display, wording, wording.localized)
    html = typesetter.page(view, Medium.SCREEN).encode() if Format.HTML in definition.formats else None
    pdf = None
    if Format.PDF in definition.formats:
        from comprova.documents.fetching import as_attached
        from comprova.documents.pdf import write_pdf

        paper = typesetter.page(view, Medium.PAPER)
        descriptions = {kind: wording.messages.text(f"attached.{kind.value}") for kind in AttachedKind}
        files = as_attached(evidence.layout.root, view.attachments.attached, descriptions, view.scope.end)
        pdf = write_pdf(paper, fonts, _identifier(paper), files)
    return Rendered(html, pdf)


def rendered_files(  # noqa: PLR0913, PLR0917 - as `render`
    evidence: Evidence,
    framework_key: str,
    language: Language,
    definition: ReportDefinition,
    templates: Path,
    sealed_at: datetime | None,
    review: Review,
) -> Mapping[str, bytes]:
    """Render one document, and return its files by name."""
    made = render(evidence, framework_key, language, definition, templates, sealed_at, review)
    return {
        document_name(evidence, framework_key, language, suffix): data
        for suffix, data in ((Format.PDF, made.pdf), (Format.HTML, made.html))
        if data is not None
    }


def listing_files(  # noqa: PLR0913, PLR0917 - all that a volume is a function of
    evidence: Evidence, query_id: str, volume: int, language: Language, definition: ReportDefinition, templates: Path
) -> Mapping[str, bytes]:
    """Render one volume of a listing, and return its file by name.

    Args:
        evidence: The sealed folder.
        query_id: The query whose rows it lists.
        volume: Which, from 1.
        language: Of the words; values stay as logged.
        definition: Says how long a value may be, and whether names of people are masked.
        templates: The folder of templates, style sheets, fonts and catalogues.

    Raises:
        ContentError: The evidence has no rows of such a query, or the templates lack a font or a text.
    """
    from comprova.documents.pdf import write_pdf

    fonts = read_fonts(templates)
    display = Display(fonts.drawable, definition.value_characters, secrets_of(evidence.catalog.secrets))
    wording = wording_of(templates, language, display)
    masking = masking_of(evidence, definition.personal)
    view = build_listing(Rendition(evidence, definition, language, display, masking), query_id, volume)
    html = Typesetter(templates, language, display, wording, wording.localized).listing(view)
    name = f"listing-{query_id}"
    if view.volumes > 1:
        name += f"-{volume:0{len(str(view.volumes))}}-of-{view.volumes}"
    return {document_name(evidence, name, language, Format.PDF): write_pdf(html, fonts, _identifier(html))}


def document_name(evidence: Evidence, subject: str, language: Language, suffix: str) -> str:
    """Return the file name of a document, such as `2026-10_pci-dss-4.0.1_en.pdf`.

    Args:
        evidence: The sealed folder.
        subject: The edition, or the listing.
        language: Of the document.
        suffix: A value of `Format`, without a dot.
    """
    return f"{evidence.assessment.scope.period}_{subject}_{language}.{suffix}"


def templates_sha256(templates: Path) -> str:
    """Return one hash over the names and bytes of all files of a templates folder."""
    digest = hashlib.sha256()
    for path in files_below(templates, templates / "manifest-sha256.txt"):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{content}  {path.relative_to(templates).as_posix()}\n".encode())
    return digest.hexdigest()


def _identifier(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()[:_IDENTIFIER_LENGTH]
