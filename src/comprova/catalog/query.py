"""One query: a TOML block that says what it means, then one SELECT in Athena SQL."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from comprova.catalog.column_types import ColumnType
from comprova.catalog.needs import Need
from comprova.catalog.text import SOURCE, InLanguages, Language, Text, in_source
from comprova.catalog.toml_faults import UnmetRuleError
from comprova.catalog.toml_reader import Block, matching, read_toml
from comprova.errors import Problem

LOOK_BACK_DAYS = range(1, 3661)
"""Days of history that a query may read before the period."""

_OPEN, _CLOSE = "/*---", "---*/"
_QUERY_ID = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){1,2}")
_REFERENCE = re.compile(rf"(?P<id>{_QUERY_ID.pattern})@(?P<version>[1-9]\d*)")


class Kind(StrEnum):
    """What the rows of a query are."""

    POPULATION = "population"
    """The full list that an auditor samples from."""
    EXCEPTION = "exception"
    """Each row wants an explanation."""
    METRIC = "metric"
    """Figures."""


class Severity(StrEnum):
    """How urgently a row of an exception query wants its explanation; the others are `info`."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


def _query_id(text: str) -> str:
    if not _QUERY_ID.fullmatch(text):
        message = "an id such as identity.root_activity (a project's own: prefix.pack.name)"
        raise ValueError(message)
    return text


QueryId = Annotated[str, AfterValidator(_query_id)]
Name = Annotated[str, matching(r"[a-z][a-z0-9_]*", "a name of small letters, digits and _, which begins with a letter")]


@dataclass(frozen=True, slots=True, order=True)
class QueryRef:
    """A query at a version, written `pack.name@1`."""

    id: str
    version: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `pack.name@1`.

        Raises:
            ValueError: It is not of that form.
        """
        match = _REFERENCE.fullmatch(text)
        if match is None:
            message = "a query and its version, such as identity.root_activity@1"
            raise ValueError(message)
        return cls(match["id"], int(match["version"]))

    def __str__(self) -> str:
        return f"{self.id}@{self.version}"


class Column(Block):
    """One column of a query's result.

    Attributes:
        name: The SQL alias.
        type: Athena's type.
        title: The heading in documents.
        personal: Whether it names a person or an address, which a report may mask.
    """

    name: Name
    type: Annotated[ColumnType, Field(strict=False)]
    title: Text
    personal: bool = False


class Limits(InLanguages):
    """What an answer cannot show: the same number of sentences in each language."""

    __pydantic_extra__: dict[str, tuple[str, ...]]

    en: tuple[str, ...]

    @model_validator(mode="after")
    def _same_length(self) -> Self:
        for name, said in self.__pydantic_extra__.items():
            if len(said) != len(self.en):
                expected = f"as many `limits` in {name} as in {SOURCE}"
                raise UnmetRuleError(expected, f"{len(self.en)} in {SOURCE} and {len(said)} in {name}")
        return self

    def of(self, language: Language) -> tuple[str, ...]:
        """Return the sentences in a language; where there are none, the English ones, marked."""
        said = self.en if language == SOURCE else self.__pydantic_extra__.get(language)
        return said if said is not None else tuple(in_source(text) for text in self.en)


class QueryBlock(Block):
    """What the block of a query file says.

    Attributes:
        id: `pack.name`.
        version: Rises with every change of SQL or meaning.
        kind: What the rows are.
        severity: How urgent a row is.
        title: A heading.
        question: What is asked, as an auditor would ask it.
        needs: What must be logged before no rows means anything; empty for questions about the logs themselves.
        parameters: Names from `parameters.toml`, without the leading colon.
        lookback_days: Days of history before the period that the query reads, or the parameter that says how many.
        grain: Columns that tell rows apart; part of ORDER BY.
        subject: Columns that name a finding across months; only of an exception.
        limits: What the answer cannot show.
        remedy: What a reviewer does with a row.
        column: The columns, in order.
    """

    id: QueryId
    version: Annotated[int, Field(ge=1)]
    kind: Annotated[Kind, Field(strict=False)]
    severity: Annotated[Severity, Field(strict=False)]
    title: Text
    question: Text
    needs: tuple[Need, ...]
    parameters: tuple[Name, ...]
    lookback_days: Annotated[int, Field(ge=LOOK_BACK_DAYS[0], le=LOOK_BACK_DAYS[-1])] | Name | None = None
    grain: Annotated[tuple[Name, ...], Field(min_length=1)]
    subject: tuple[Name, ...] = ()
    limits: Limits
    remedy: Text
    column: Annotated[tuple[Column, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        names = [column.name for column in self.column]
        if doubled := sorted({name for name in names if names.count(name) > 1}):
            raise UnmetRuleError("columns of different names", f"{', '.join(doubled)} more than once", "column")
        for key, chosen in (("grain", self.grain), ("subject", self.subject)):
            if strange := [name for name in chosen if name not in names]:
                raise UnmetRuleError(f"`{key}` to name columns ({', '.join(names)})", ", ".join(strange), key)
        if inexact := [
            column.name for column in self.column if column.type is ColumnType.DOUBLE and column.name in self.subject
        ]:
            raise UnmetRuleError(
                "columns in `subject` whose values can be told apart", f"{', '.join(inexact)}, a double", "subject"
            )
        if (self.kind is Kind.EXCEPTION) != bool(self.subject):
            raise UnmetRuleError(
                "a `subject` for an exception, and for no other kind",
                f"kind = '{self.kind}' and {'a' if self.subject else 'no'} `subject`",
                "subject" if self.subject else "kind",
            )
        if (self.kind is Kind.EXCEPTION) == (self.severity is Severity.INFO):
            raise UnmetRuleError(
                "the severity `info` for populations and metrics, and another for an exception",
                f"kind = '{self.kind}' and severity = '{self.severity}'",
                "severity",
            )
        return self


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it stands in its file.

    Attributes:
        block: What it means.
        sql: The SELECT, in Athena SQL, without the block.
        path: The file's name in messages and evidence, such as `queries/identity/root_activity.sql`.
        text: The whole file.
        sql_line: The line of the file on which `sql` begins.
        builtin: Whether it is comprova's own.
    """

    block: QueryBlock
    sql: str
    path: str
    text: str
    sql_line: int
    builtin: bool

    @property
    def id(self) -> str:
        """`pack.name`."""
        return self.block.id

    @property
    def ref(self) -> QueryRef:
        """The id at its version."""
        return QueryRef(self.block.id, self.block.version)

    @property
    def pack(self) -> str:
        """The id of the pack it belongs to."""
        return self.block.id.rpartition(".")[0]


class ViewBlock(Block):
    """What the block of `activity.sql` or `deliveries.sql` says.

    Attributes:
        id: The view's name.
        version: Rises with every change of SQL or meaning.
        title: A heading.
        reads: The tables that it is made of.
        personal: Columns that name a person or an address; what a query takes from them is marked personal there.
        personal_members: Members of requests and responses that do.
    """

    id: Literal["activity", "deliveries"]
    version: Annotated[int, Field(ge=1)]
    title: Text
    reads: tuple[Literal["records", "files", "activity"], ...]
    personal: tuple[Name, ...] = ()
    personal_members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """One of the two views that queries read, as it stands in its file."""

    block: ViewBlock
    sql: str
    path: str
    text: str
    sql_line: int

    @property
    def ref(self) -> QueryRef:
        """The id at its version."""
        return QueryRef(self.block.id, self.block.version)


def split_block(text: str, path: str) -> tuple[str, str, int] | Problem:
    """Split a query file into the TOML of its block, the SQL after it, and the line on which the SQL begins."""
    if not text.startswith(_OPEN + "\n"):
        return Problem(f"{path}:1", f"a block that begins with {_OPEN}", repr(text[:20]))
    end = text.find("\n" + _CLOSE)
    if end < 0:
        return Problem(f"{path}:1", f"the block to end with {_CLOSE} at the start of a line", "no such line")
    after = text[end + 1 + len(_CLOSE) :]
    sql = after.lstrip("\n")
    sql_line = text[: len(text) - len(sql)].count("\n") + 1
    return text[len(_OPEN) + 1 : end + 1], sql.rstrip() + "\n", sql_line


def read_query(text: str, path: str, *, builtin: bool) -> Query | list[Problem]:
    """Read one query file, or tell every problem of its block."""
    parts = split_block(text, path)
    if isinstance(parts, Problem):
        return [parts]
    toml, sql, sql_line = parts
    block = read_toml(toml, QueryBlock, path, first_line=2)
    return block if isinstance(block, list) else Query(block, sql, path, text, sql_line, builtin)


def read_view(text: str, path: str) -> View | list[Problem]:
    """Read `activity.sql` or `deliveries.sql`, or tell every problem of its block."""
    parts = split_block(text, path)
    if isinstance(parts, Problem):
        return [parts]
    toml, sql, sql_line = parts
    block = read_toml(toml, ViewBlock, path, first_line=2)
    return block if isinstance(block, list) else View(block, sql, path, text, sql_line)
