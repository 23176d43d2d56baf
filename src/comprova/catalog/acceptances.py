"""Recorded decisions that a finding is tolerated: the reader of the file that a job names as `acceptances`."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from comprova.catalog.column_types import ColumnType
from comprova.catalog.query import Kind, Name, QueryBlock, QueryId
from comprova.catalog.text import Line
from comprova.catalog.toml_faults import UnmetRuleError, shown
from comprova.catalog.toml_lines import line_of
from comprova.catalog.toml_reader import Block, matching, read_toml
from comprova.errors import Problem

ACCEPTANCE_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"

Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
"""What somebody has to say: a few sentences."""

Exact = str | int | bool | tuple[str, ...]
"""A value of a subject; days and moments stand as the text that the evidence shows."""


class Acceptance(Block):
    """One acceptance. It covers the rows of the one finding that has exactly these values, and removes none of them.

    Attributes:
        id: By which documents name it.
        query: Whose finding it is.
        subject: The value of each of the query's subject columns, exact: there are no patterns.
        nulls: Subject columns that hold no value: TOML has no null.
        reason: Why it is tolerated.
        approver: Who decided; somebody else than the preparer.
        preparer: Who wrote the entry.
        ticket: Where the decision is recorded.
        approved_on: The day of the decision.
        expires_on: The last day on which it holds, in the time zone of the period; judged at the period's last day.
    """

    id: Annotated[str, matching(ACCEPTANCE_ID, "an id such as ACC-7, of at most 64 letters, digits, dots, _ and -")]
    query: QueryId
    subject: Mapping[Name, Exact]
    nulls: tuple[Name, ...] = ()
    reason: Words
    approver: Line
    preparer: Line
    ticket: Line
    approved_on: date
    expires_on: date

    @model_validator(mode="after")
    def _four_eyes(self) -> Self:
        if _same_person(self.approver, self.preparer):
            raise UnmetRuleError("an `approver` other than the `preparer`", shown(self.approver), "approver")
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.expires_on < self.approved_on:
            expected = f"`expires_on` to be {self.approved_on}, the day of `approved_on`, or later"
            raise UnmetRuleError(expected, self.expires_on.isoformat(), "expires_on")
        return self

    @property
    def values(self) -> dict[str, object]:
        """The value of each subject column, NULL as None."""
        return {**self.subject, **dict.fromkeys(self.nulls)}

    def holds_on(self, day: date) -> bool:
        """Tell whether it has not expired on a day."""
        return day <= self.expires_on


class Acceptances(Block):
    """The whole file."""

    acceptance: Annotated[tuple[Acceptance, ...], Field(default_factory=tuple)]


def read_acceptances(
    text: str, queries: Mapping[str, QueryBlock], where: str
) -> tuple[Acceptance, ...] | list[Problem]:
    """Read a file of acceptances, or tell every problem at its line.

    Args:
        text: The TOML.
        queries: The blocks of all current queries, by id: a decision about a query that does not exist is a mistake.
        where: The file's name in messages.
    """
    file = read_toml(text, Acceptances, where)
    if isinstance(file, list):
        return file
    problems = [
        Problem(f"{where}:{line_of(text, ('acceptance', number, *path))}", expected, found)
        for number, acceptance in enumerate(file.acceptance)
        for path, expected, found in (
            *_repeated(acceptance, file.acceptance[:number]),
            *_misnamed(acceptance, queries.get(acceptance.query)),
        )
    ]
    return problems or file.acceptance


_Misfit = tuple[tuple[str, ...], str, str]


def _repeated(acceptance: Acceptance, before: tuple[Acceptance, ...]) -> Iterator[_Misfit]:
    if any(other.id == acceptance.id for other in before):
        yield ("id",), "an id that no other acceptance has", repr(acceptance.id)


def _misnamed(acceptance: Acceptance, block: QueryBlock | None) -> Iterator[_Misfit]:
    if block is None or block.kind is not Kind.EXCEPTION:
        yield ("query",), "the id of an exception query (`comprova queries list`)", repr(acceptance.query)
        return
    named = [*acceptance.subject, *acceptance.nulls]
    if sorted(named) != sorted(block.subject):
        expected = f"`subject`, or `nulls` where there is no value, to name each of {', '.join(block.subject)} once"
        yield ("subject",), expected, ", ".join(named) or "none"
        return
    types = {column.name: column.type for column in block.column}
    for name, value in acceptance.subject.items():
        if not _has_type(value, types[name]):
            yield ("subject", name), f"`subject.{name}` to be {_IN_TOML[types[name]]}", shown(value)


_IN_TOML = {
    ColumnType.VARCHAR: "text",
    ColumnType.BIGINT: "a whole number",
    ColumnType.DOUBLE: "no column of a subject",
    ColumnType.BOOLEAN: "true or false",
    ColumnType.DATE: "text of the form 2026-10-12",
    ColumnType.TIMESTAMP: "text of the form 2026-10-12T08:30:00.000Z",
    ColumnType.VARCHAR_ARRAY: "a list of text",
}


def _has_type(value: Exact, column_type: ColumnType) -> bool:
    match column_type:
        case ColumnType.BIGINT:
            return isinstance(value, int) and not isinstance(value, bool)
        case ColumnType.BOOLEAN:
            return isinstance(value, bool)
        case ColumnType.VARCHAR_ARRAY:
            return isinstance(value, tuple)
        case ColumnType.VARCHAR | ColumnType.DATE | ColumnType.TIMESTAMP:
            return isinstance(value, str)
        case ColumnType.DOUBLE:
            return False


def _same_person(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
