"""What a document contains: the reader of `reports/*.toml`."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from comprova.catalog.text import Text
from comprova.catalog.toml_reader import Block, read_toml
from comprova.errors import Problem


class Section(StrEnum):
    """The parts that a document can have."""

    COVER = "cover"
    """What it is, of whom and when, and what needs attention."""
    CONTENTS = "contents"
    """The parts with their pages, and how to read the outcomes."""
    SCOPE = "scope"
    """Scope, method, limits and assurance: what was examined, and what was not."""
    SUMMARY = "summary"
    """One page of figures, and everything that needs attention."""
    CHANGES = "changes"
    """What the revision before did not say; only a revised run has this part."""
    FINDINGS = "findings"
    """Findings beside those of the period before: new, recurring, gone, and what cannot be told."""
    LOGGED = "logged"
    """Whether events would have been logged, cell by cell."""
    ACCEPTANCES = "acceptances"
    """Recorded decisions that findings are tolerated, and what became of each."""
    REVIEW = "review"
    """What people say of findings, and the deadlines that begin with what they knew."""
    SIGN_OFF = "sign-off"
    """Where who prepared the document and who reviewed it put their names."""
    MATRIX = "matrix"
    """Every requirement of the edition, one row each."""
    REQUIREMENTS = "requirements"
    """A section per requirement that has queries."""
    QUERIES = "queries"
    """A section per query: outcome, rows, SQL, hashes; once, however many requirements it bears on."""
    NOT_SHOWN = "not-shown"
    """What CloudTrail cannot show, with the reason per requirement."""
    ANNEX = "annex"
    """The hashes of the evidence, and how to verify them."""


class Format(StrEnum):
    """The file formats of a document; the value is the suffix."""

    PDF = "pdf"
    HTML = "html"


class Personal(StrEnum):
    """What a document shows where a name of a person, or the address one called from, was logged."""

    SHOWN = "shown"
    """The name, as logged."""
    MASKED = "masked"
    """A pseudonym; whom it stands for is in the evidence, in `pseudonyms.csv`."""


class ReportDefinition(Block):
    """What one kind of document contains.

    Attributes:
        id: The file's name without `.toml`.
        title: What the cover calls it.
        audience: For whom it is written.
        section: The parts, in order; the cover comes first.
        attention_items: Most lines under "what needs attention" on the cover; the summary has all.
        finding_rows: Most rows on paper of one exception query; the count is always whole, the file holds the rest.
        document_rows: Most rows on paper of all exception queries together; those with few show all of theirs.
        extract_rows: Most rows on paper of one population or metric.
        sql_lines: Most lines on paper of one statement; none where the attached file is enough.
        screen_rows: Most rows on the screen of one query of any kind, where they can be filtered and sorted.
        screen_document_rows: Most rows on the screen of all queries together; those with few show all of theirs.
        screen_sql_lines: Most lines on the screen of one statement.
        attached_megabytes: Most millions of bytes of evidence attached to a PDF; the annex names what did not fit.
        value_characters: Most characters shown of one value; a longer one is cut, with the SHA-256 of the whole.
        personal: Whether names of people are shown or masked.
        formats: Which files are made.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Text
    audience: Text
    section: Annotated[tuple[Annotated[Section, Field(strict=False)], ...], Field(min_length=1)]
    attention_items: Annotated[int, Field(ge=1, le=12)]
    finding_rows: Annotated[int, Field(ge=1, le=2000)]
    document_rows: Annotated[int, Field(ge=1, le=5000)]
    extract_rows: Annotated[int, Field(ge=0, le=2000)]
    sql_lines: Annotated[int, Field(ge=0, le=1000)]
    screen_rows: Annotated[int, Field(ge=0, le=5000)] = 2000
    screen_document_rows: Annotated[int, Field(ge=1, le=50_000)] = 10_000
    screen_sql_lines: Annotated[int, Field(ge=1, le=5000)] = 400
    value_characters: Annotated[int, Field(ge=20, le=4000)]
    attached_megabytes: Annotated[int, Field(ge=0, le=200)]
    personal: Annotated[Personal, Field(strict=False)] = Personal.SHOWN
    formats: Annotated[tuple[Annotated[Format, Field(strict=False)], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for key, values in (("section", self.section), ("formats", self.formats)):
            if len(set(values)) != len(values):
                message = f"each of `{key}` once"
                raise ValueError(message)
        if self.section[0] is not Section.COVER:
            message = "`section` to begin with cover"
            raise ValueError(message)
        return self


def read_report(text: str, where: str) -> ReportDefinition | list[Problem]:
    """Read one report definition, or tell every problem at its line.

    Args:
        text: The TOML.
        where: The file's name in messages.
    """
    return read_toml(text, ReportDefinition, where)
