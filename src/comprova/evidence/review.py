"""`review.toml`: what people say of the findings of a run. It lies beside the evidence and is not sealed.

Evidence says what was found. What it means is for people to say, later and under their names: the disposition of a
finding, and the moment at which somebody became aware of an incident, from which legal deadlines are counted.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from comprova.catalog.text import Line
from comprova.catalog.toml_faults import UnmetRuleError
from comprova.catalog.toml_lines import line_of
from comprova.catalog.toml_reader import Block, read_toml
from comprova.errors import ContentError, Problem
from comprova.evidence.subject import read_id

_MOST_BYTES = 1_000_000

Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
FindingId = Annotated[str, AfterValidator(read_id)]


def _with_offset(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise UnmetRuleError("a moment with its offset, such as 2026-11-03T14:20:00-03:00", moment.isoformat())
    return moment


class Disposition(Block):
    """What a reviewer says of a finding.

    Attributes:
        finding: Its name.
        text: What was found out and done.
        by: Who says so.
        on: The day.
    """

    finding: FindingId
    text: Words
    by: Line
    on: date


class Knowledge(Block):
    """The moment at which somebody became aware of an incident. Whether it must be notified is not said by it.

    Attributes:
        incident: What it is called.
        findings: Names of the findings that show it.
        aware_at: The moment, with its offset from UTC.
        declared_by: Who says so.
        declared_on: The day.
    """

    incident: Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
    findings: Annotated[tuple[FindingId, ...], Field(min_length=1)]
    aware_at: Annotated[datetime, AfterValidator(_with_offset)]
    declared_by: Line
    declared_on: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.declared_on < self.aware_at.date():
            expected = f"`declared_on` to be {self.aware_at.date()}, the day of `aware_at`, or later"
            raise UnmetRuleError(expected, self.declared_on.isoformat(), "declared_on")
        return self


class ReviewFile(Block):
    """The whole file."""

    disposition: tuple[Disposition, ...] = ()
    knowledge: tuple[Knowledge, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A review, and the hash of its file.

    Attributes:
        dispositions: In the order of the file.
        knowledge: In the order of the file.
        sha256: Of the file's bytes; empty where there is none.
    """

    dispositions: tuple[Disposition, ...] = ()
    knowledge: tuple[Knowledge, ...] = ()
    sha256: str = ""


def find_review(path: Path, findings: Collection[str]) -> Review:
    """Read the review beside the evidence of a run; an empty one where there is none.

    Args:
        path: Of the file.
        findings: Names of the findings of the evidence.

    Raises:
        ContentError: It is not as it should be, or names a finding that the evidence does not have.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Review()
    if len(data) > _MOST_BYTES:
        raise ContentError(Problem(path.name, f"at most {_MOST_BYTES:,} bytes", f"{len(data):,}"))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise ContentError(Problem(path.name, "UTF-8", str(error))) from error
    file = check_review(text, findings, path.name)
    return Review(file.disposition, file.knowledge, hashlib.sha256(data).hexdigest())


def check_review(text: str, findings: Collection[str], where: str) -> ReviewFile:
    """Read the text of a review.

    Raises:
        ContentError: With every problem, at its line.
    """
    file = read_toml(text, ReviewFile, where)
    if isinstance(file, list):
        raise ContentError(file)
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("disposition", number, "finding"), one.finding) for number, one in enumerate(file.disposition)
    ]
    named += [
        (("knowledge", number, "findings"), name) for number, one in enumerate(file.knowledge) for name in one.findings
    ]
    known = set(findings)
    hint = "`comprova review list` shows the findings of the evidence with their names."
    problems = [
        Problem(f"{where}:{line_of(text, path)}", f"`{path[-1]}` to name findings of this evidence", repr(name), hint)
        for path, name in named
        if name not in known
    ]
    if problems:
        raise ContentError(problems)
    return file
