"""The table of expressions, each with the answer that Athena documents or the reason why it is refused."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from comprova.catalog.parameters import Bindings
from comprova.period import Period
from comprova.sql.compile import compile_measure
from comprova.sql.statement import Scope, Statement

_TABLE = tomllib.loads((Path(__file__).parent / "translation.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Entry:
    """An expression over `document`, or a whole statement.

    Attributes:
        name: What it shows.
        athena: The expression.
        answer: What Athena gives; for a refused one, what it gives for `instead`.
        refused: Part of the message with which it is refused; empty where it is allowed.
        instead: What may be written instead of it; empty where nothing may.
    """

    name: str
    athena: str
    answer: object
    refused: str
    instead: str

    @property
    def asked(self) -> str:
        """What is allowed: the expression, or what may be written instead; empty where there is neither."""
        return self.instead if self.refused else self.athena


def compiled(athena: str) -> Statement:
    """Compile an expression over the document, or a whole statement."""
    if athena.split(maxsplit=1)[0].upper() not in {"SELECT", "WITH"}:
        athena = f"SELECT {athena} AS answer FROM (VALUES ('{_TABLE['document']}')) AS logged (document)"  # noqa: S608
    return compile_measure("expression", athena, Bindings({}, frozenset()), Scope(Period.parse("2026-10", "UTC")))


def same(one: object, other: object) -> bool:
    """Compare values of one kind: TRUE is not 1, a date no timestamp, an integer no double."""
    kinds = (bool, int, float, str, datetime, date, list)
    return one == other and [isinstance(one, kind) for kind in kinds] == [isinstance(other, kind) for kind in kinds]


def _entry(said: dict[str, Any]) -> Entry:
    answered = "answer" in said or said.get("answer_is_null", False)
    if answered != ("refused" not in said or "instead" in said) or ("answer" in said and "answer_is_null" in said):
        message = f"{said['name']}: an answer, or answer_is_null"
        raise ValueError(message)
    answer = said.get("answer")
    if isinstance(answer, list):
        answer = [None if item == "NULL" else item for item in answer]
    return Entry(said["name"], said["athena"], answer, said.get("refused", ""), said.get("instead", ""))


ENTRIES = tuple(map(_entry, _TABLE["expression"]))
RECORDS = compiled(_TABLE["records"])
"""What the statements find in `records`."""
