"""The lock: what every released query said, by hash; lines are only ever appended.

One line per release or mended prose: `id version sql meaning prose date chain`. Each of `sql`, `meaning` and `prose` is
the SHA-256 of what it names; `chain` is the SHA-256 of the chain before it and of the rest of its line, so that a line
cannot be altered, removed or put in between unless every line after it is written anew. Lines missing at the end are
noticed because their texts are then not locked.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from comprova.catalog.query import Query, View
from comprova.errors import Problem

HEADER = "# id version sql meaning prose date chain - written by `comprova queries lock`; append-only\n"
_GONE = "Evidence cites it: restore it from version control, in superseded/ if a newer version replaced it."
_SHA256 = r"[0-9a-f]{64}"
_LINE = re.compile(
    rf"(?P<id>\S+) (?P<version>[1-9]\d*) (?P<sql>{_SHA256}) (?P<meaning>{_SHA256}) (?P<prose>{_SHA256}) "
    rf"(?P<date>\d{{4}}-\d{{2}}-\d{{2}}) (?P<chain>{_SHA256})"
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The three hashes of a query or view.

    Attributes:
        sql: Of the SQL text.
        meaning: Of what else governs the answer: kind, needs, parameters, look-back, grain, subject, columns.
        prose: Of what only describes it.
    """

    sql: str
    meaning: str
    prose: str


@dataclass(frozen=True, slots=True)
class LockEntry:
    """One line of the lock."""

    id: str
    version: int
    fingerprint: Fingerprint
    date: date

    def line(self, chain_before: str) -> tuple[str, str]:
        """Return the line, and its chain hash."""
        body = (
            f"{self.id} {self.version} {self.fingerprint.sql} {self.fingerprint.meaning} {self.fingerprint.prose} "
            f"{self.date.isoformat()}"
        )
        chain = _sha256(f"{chain_before} {body}")
        return f"{body} {chain}\n", chain


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock as read.

    Attributes:
        entries: In the file's order.
        chain: The chain hash of the last line; empty for an empty lock.
    """

    entries: tuple[LockEntry, ...]
    chain: str

    def newest(self, id_: str, version: int) -> LockEntry | None:
        """Return the last entry of a query at a version."""
        found = [entry for entry in self.entries if (entry.id, entry.version) == (id_, version)]
        return found[-1] if found else None


NOTHING_LOCKED = Lock((), "")
"""The lock of content that was never released."""


def fingerprint(item: Query | View) -> Fingerprint:
    """Return the hashes of a query or view."""
    block: dict[str, Any] = item.block.model_dump(mode="json")
    if isinstance(item, View):
        meaning: dict[str, Any] = {key: block[key] for key in ("reads", "personal", "personal_members")}
        prose: dict[str, Any] = {"title": block["title"]}
    else:
        columns = block["column"]
        meaning = {key: block[key] for key in ("kind", "needs", "parameters", "lookback_days", "grain", "subject")}
        meaning["columns"] = [{key: column[key] for key in ("name", "type", "personal")} for column in columns]
        prose = {key: block[key] for key in ("severity", "title", "question", "limits", "remedy")}
        prose["columns"] = [column["title"] for column in columns]
    return Fingerprint(_sha256(item.sql), _sha256(_stable(meaning)), _sha256(_stable(prose)))


def read_lock(text: str, where: str) -> Lock | list[Problem]:
    """Read the lock, or tell every line that is not as it was written."""
    entries: list[LockEntry] = []
    problems: list[Problem] = []
    chain = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            problems.append(Problem(f"{where}:{number}", "`id version sql meaning prose date chain`", repr(line[:60])))
            continue
        try:
            day = date.fromisoformat(match["date"])
        except ValueError:
            problems.append(Problem(f"{where}:{number}", "a date such as 2026-11-22", match["date"]))
            continue
        hashes = Fingerprint(match["sql"], match["meaning"], match["prose"])
        entry = LockEntry(match["id"], int(match["version"]), hashes, day)
        _, expected = entry.line(chain)
        if match["chain"] != expected:
            hint = "A line was altered or removed here or above; restore the file from version control."
            problems.append(Problem(f"{where}:{number}", f"chain {expected[:12]}…", f"{match['chain'][:12]}…", hint))
        if any(not _same_meaning(earlier.fingerprint, hashes) for earlier in entries if _same_text(earlier, entry)):
            ref = f"{entry.id}@{entry.version}"
            problems.append(Problem(f"{where}:{number}", f"the SQL and meaning of the {ref} above", "others"))
        chain = match["chain"]
        entries.append(entry)
    return problems or Lock(tuple(entries), chain)


def missing_entries(lock: Lock, items: Sequence[Query | View], today: date) -> list[LockEntry]:
    """Return the lines that the lock lacks: new versions, and mended prose of released ones."""
    entries = []
    for item in items:
        now = fingerprint(item)
        newest = lock.newest(*_identity(item))
        if newest is None or (newest.fingerprint != now and _same_meaning(newest.fingerprint, now)):
            entries.append(LockEntry(*_identity(item), now, today))
    return entries


def lock_problems(lock: Lock, items: Sequence[Query | View], *, drafts: bool = False) -> list[Problem]:
    """Tell every released text that has changed under its name or is gone, and every text that is not locked.

    Args:
        lock: The lock.
        items: The texts there are.
        drafts: Whether a text may be there that was never released.
    """
    held = {_identity(item) for item in items}
    problems = [
        Problem("queries/queries.lock", f"the file of {id_}@{version}, which was released", "none", _GONE)
        for id_, version in sorted({(entry.id, entry.version) for entry in lock.entries} - held)
        if "." in id_  # a view is kept at one version: evidence holds the text of the one it used
    ]
    for item in items:
        now = fingerprint(item)
        newest = lock.newest(*_identity(item))
        if newest is None:
            if not drafts:
                problems.append(
                    Problem(item.path, f"{item.ref} in queries.lock", "no entry", "Run `comprova queries lock`.")
                )
        elif not _same_meaning(newest.fingerprint, now):
            hint = (
                "A released text never changes under its name: take the change back, run "
                f"`comprova queries bump {item.block.id}`, then change the new version."
            )
            problems.append(Problem(item.path, f"the SQL and meaning locked as {item.ref}", "others", hint))
        elif newest.fingerprint != now:
            problems.append(
                Problem(item.path, f"the prose of {item.ref} as locked", "other prose", "Run `comprova queries lock`.")
            )
    return problems


def release_problems(released: str, now: str, where: str) -> list[Problem]:
    """Tell which line of a released lock is not where it was: a lock only grows.

    Args:
        released: The lock as it was released.
        now: The lock as it is.
        where: Its name in messages.
    """
    lines = now.splitlines()
    for number, line in enumerate(released.splitlines()):
        if line == (lines[number] if number < len(lines) else None):
            continue
        found = _named(lines[number]) if number < len(lines) else "the end of the file"
        hint = "Restore the file from the release, then run `comprova queries lock`: it appends what is new."
        return [Problem(f"{where}:{number + 1}", f"{_named(line)} as it was released", found, hint)]
    return []


def _named(line: str) -> str:
    id_, version, *_ = [*line.split(), "", ""]
    return "the head of the file" if id_ == "#" else f"the line of {id_}@{version}"


def appended(text: str, lock: Lock, entries: list[LockEntry]) -> str:
    """Return the lock's text with entries put at its end."""
    text = text or HEADER
    chain = lock.chain
    for entry in entries:
        line, chain = entry.line(chain)
        text += line
    return text


def _same_meaning(left: Fingerprint, right: Fingerprint) -> bool:
    return (left.sql, left.meaning) == (right.sql, right.meaning)


def _same_text(left: LockEntry, right: LockEntry) -> bool:
    return (left.id, left.version) == (right.id, right.version)


def _identity(item: Query | View) -> tuple[str, int]:
    return item.block.id, item.block.version


def _stable(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
