"""The evidence that a PDF carries with it: whole files, up to a size, byte for byte as they were sealed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from comprova.evidence.layout import EvidenceLayout

_MEGABYTE = 1_000_000


class AttachedKind(StrEnum):
    """What an attached file is."""

    MANIFEST = "manifest"
    """The hashes of all evidence: those of the other attached files check against it."""
    ASSESSMENT = "assessment"
    """What the run says of every query and requirement."""
    STATEMENT = "statement"
    """One query as it was sent: Athena SQL that can be pasted in its console."""
    ROWS = "rows"
    """The rows of one query, exact."""
    SPREADSHEET = "spreadsheet"
    """The same rows, safe to open in a spreadsheet."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file of the evidence that could be attached.

    Attributes:
        name: Of the file in the evidence folder, with its folder.
        kind: What it is.
        size: In bytes.
    """

    name: str
    kind: AttachedKind
    size: int

    @property
    def short_name(self) -> str:
        """Its name in the PDF: viewers take a slash for a fault, or for a place to write to."""
        return self.name.rpartition("/")[2]

    @property
    def media_type(self) -> str:
        """As registered with IANA."""
        match self.kind:
            case AttachedKind.MANIFEST:
                return "text/plain"
            case AttachedKind.ASSESSMENT:
                return "application/json"
            case AttachedKind.STATEMENT:
                return "application/sql"
            case AttachedKind.ROWS:
                return "application/vnd.apache.parquet"
            case AttachedKind.SPREADSHEET:
                return "text/csv"
            case _ as never:
                assert_never(never)

    @property
    def relationship(self) -> str:
        """To the document (ISO 32000-2, 7.11.3): what it was made of, or what goes with it."""
        return "Supplement" if self.kind is AttachedKind.MANIFEST else "Data"


@dataclass(frozen=True, slots=True)
class Attachments:
    """What a PDF has attached, and what it has not because it would be too large.

    Attributes:
        attached: In the order of their names in the PDF.
        left_out: In the order in which they were looked at.
        most: Bytes that may be attached.
    """

    attached: tuple[AttachedFile, ...]
    left_out: tuple[AttachedFile, ...]
    most: int

    @property
    def size(self) -> int:
        """Bytes of all that is attached."""
        return sum(file.size for file in self.attached)


def choose_attachments(
    layout: EvidenceLayout, queries: Sequence[str], megabytes: int, *, secret: Collection[str] = ()
) -> Attachments:
    """Choose what a document has attached: manifest and assessment, all statements, rows and spreadsheet of each query.

    A file that does not fit any more is left out, and a smaller one behind it may still fit.

    Args:
        layout: Of the evidence.
        queries: Ids of the queries that the document is about, in its order.
        megabytes: Most millions of bytes of all files together.
        secret: Those with secrets in their exact rows, which stay in the evidence: a PDF is passed on.
    """
    wanted = [(layout.manifest, AttachedKind.MANIFEST), (layout.assessment, AttachedKind.ASSESSMENT)]
    wanted += [(layout.statement(query), AttachedKind.STATEMENT) for query in queries]
    for query in queries:
        rows = [] if query in secret else [(layout.parquet(query), AttachedKind.ROWS)]
        wanted += [*rows, (layout.csv(query), AttachedKind.SPREADSHEET)]
    attached, left_out, left = [], [], megabytes * _MEGABYTE
    for path, kind in wanted:
        if path.is_file():
            file = AttachedFile(path.relative_to(layout.root).as_posix(), kind, path.stat().st_size)
            if file.size <= left:
                attached.append(file)
                left -= file.size
            else:
                left_out.append(file)
    attached.sort(key=lambda file: file.short_name)  # the order of a name tree (ISO 32000-1, 7.9.6)
    return Attachments(tuple(attached), tuple(left_out), megabytes * _MEGABYTE)
