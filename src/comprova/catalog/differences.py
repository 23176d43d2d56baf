"""What changed between two states of the content, as an auditor asks it: which questions, what they mean, their SQL."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from enum import StrEnum

from comprova.catalog.catalog import Catalog
from comprova.catalog.lock import fingerprint
from comprova.catalog.query import Query, QueryRef
from comprova.catalog.text import Language


class Change(StrEnum):
    """What happened to a question."""

    ADDED = "added"
    REMOVED = "removed"
    MEANING = "meaning changed"
    """Its answer may be another one: its SQL, or what governs its rows."""
    REWORDED = "reworded"
    """It asks the same; only what describes it was mended."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the block says, before and after.

    Attributes:
        key: Of the block, such as `needs` or `question`.
        before, after: As text; empty where it says nothing.
    """

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that is not as it was.

    Attributes:
        id: Of the query.
        change: What happened to it.
        before, after: Its versions; None where there is none.
        title, question: Of the newer one.
        released: The day on which the newer one was locked; None where it is not.
        meaning: What governs its rows, where that changed.
        prose: What describes it, where that changed.
        sql: The unified diff of the SQL, by line; empty where it did not change.
        cited_by: `edition requirement` of those that name either version, sorted.
    """

    id: str
    change: Change
    before: QueryRef | None
    after: QueryRef | None
    title: str
    question: str
    released: date | None
    meaning: tuple[Said, ...]
    prose: tuple[Said, ...]
    sql: tuple[str, ...]
    cited_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """One side of a comparison.

    Attributes:
        catalog: The content.
        refs: The queries of it that are compared.
    """

    catalog: Catalog
    refs: Sequence[QueryRef]

    def by_id(self) -> Mapping[str, Query]:
        """Return the queries by id."""
        return {ref.id: self.catalog.queries[ref] for ref in self.refs}


def differences(before: State, after: State, language: Language) -> list[Difference]:
    """Return every question that is not the same on both sides, by id; texts are those of a language."""
    old, new = before.by_id(), after.by_id()
    found = []
    for id_ in sorted(old.keys() | new.keys()):
        one, other = old.get(id_), new.get(id_)
        change = _change(one, other)
        if change is None:
            continue
        newest, catalog = (other, after.catalog) if other else (one, before.catalog)
        if newest is None:
            continue
        entry = catalog.locked(newest)
        both = one is not None and other is not None
        found.append(
            Difference(
                id=id_,
                change=change,
                before=one.ref if one else None,
                after=other.ref if other else None,
                title=newest.block.title.of(language),
                question=newest.block.question.of(language),
                released=entry.date if entry else None,
                meaning=tuple(_changed(_meaning(one), _meaning(other))) if both else (),
                prose=tuple(_changed(_prose(one, language), _prose(other, language))) if both else (),
                sql=_sql(one, other) if both else (),
                cited_by=tuple(sorted({*_cited(before.catalog, one), *_cited(after.catalog, other)})),
            )
        )
    return found


def _change(before: Query | None, after: Query | None) -> Change | None:
    if before is None or after is None:
        return Change.ADDED if before is None else Change.REMOVED
    one, other = fingerprint(before), fingerprint(after)
    if (one.sql, one.meaning) != (other.sql, other.meaning):
        return Change.MEANING
    return Change.REWORDED if one.prose != other.prose or before.ref != after.ref else None


def _meaning(query: Query | None) -> Mapping[str, str]:
    if query is None:
        return {}
    block = query.block
    return {
        "kind": block.kind.value,
        "needs": ", ".join(block.needs),
        "parameters": ", ".join(block.parameters),
        "lookback_days": "" if block.lookback_days is None else str(block.lookback_days),
        "grain": ", ".join(block.grain),
        "subject": ", ".join(block.subject),
        "columns": ", ".join(
            f"{column.name} {column.type}{' personal' if column.personal else ''}" for column in block.column
        ),
    }


def _prose(query: Query | None, language: Language) -> Mapping[str, str]:
    if query is None:
        return {}
    block = query.block
    return {
        "severity": block.severity.value,
        "title": block.title.of(language),
        "question": block.question.of(language),
        "limits": " ".join(block.limits.of(language)),
        "remedy": block.remedy.of(language),
        "column titles": ", ".join(f"{column.name}: {column.title.of(language)}" for column in block.column),
    }


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Said]:
    for key, said in after.items():
        if before[key] != said:
            yield Said(key, before[key], said)


def _sql(before: Query | None, after: Query | None) -> tuple[str, ...]:
    if before is None or after is None:
        return ()
    lines = unified_diff(before.sql.splitlines(), after.sql.splitlines(), str(before.ref), str(after.ref), lineterm="")
    return tuple(lines)


def _cited(catalog: Catalog, query: Query | None) -> Iterator[str]:
    for key, edition in catalog.frameworks.items():
        for requirement in edition.requirement:
            if query is not None and any(item.ref == query.ref for item in requirement.evidence):
                yield f"{key} {requirement.id}"
