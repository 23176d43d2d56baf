"""Writes an acceptance of a finding into the file of a job, after what people wrote there."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comprova.catalog.catalog import Catalog
from comprova.catalog.toml_writer import Written, entry, with_entry
from comprova.errors import ContentError, Problem
from comprova.evidence.canonical import write_whole
from comprova.evidence.findings import Finding, FindingsReport
from comprova.evidence.subject import read_id
from comprova.jobs.acceptance_file import (
    acceptances_path,
    acceptances_where,
    check_acceptances,
    read_acceptance_text,
)
from comprova.jobs.definition import JobFile
from comprova.jobs.exclusive import one_writer

_OWN_ID = re.compile(r"ACC-([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class Decision:
    """What an entry says besides the finding.

    Attributes:
        id: By which documents name it; None for the next of ACC-1, ACC-2 …
        reason, approver, preparer, ticket, approved_on, expires_on: As in the file.
    """

    id: str | None
    reason: str
    approver: str
    preparer: str
    ticket: str
    approved_on: date
    expires_on: date


def find_finding(report: FindingsReport, typed: str) -> Finding:
    """Return the finding of a name.

    Raises:
        ContentError: The evidence has none of that name.
    """
    found = [finding for finding in report.findings if finding.id == read_id(typed)]
    if len(found) != 1:
        hint = "`comprova review list` shows the findings of the evidence with their names."
        said = repr(typed) if not found else f"{typed!r}, which {len(found)} findings share"
        raise ContentError(Problem("finding", "the name of a finding of this evidence", said, hint))
    return found[0]


def accept(finding: Finding, decision: Decision, job: JobFile, catalog: Catalog) -> tuple[str, Path]:
    """Write an acceptance of a finding after the entries that are there; return its id and the file.

    Raises:
        ContentError: The job names no file, the file or the entry is not as it should be, or the finding cannot be
            written; then nothing is written.
    """
    path, where = acceptances_path(job), acceptances_where(job)
    with one_writer(path.parent):
        text = read_acceptance_text(job) if path.is_file() else ""
        before = check_acceptances(text, catalog, where)
        id_ = decision.id or _next_id({one.id for one in before})
        after = with_entry(text, entry("acceptance", _values(finding, decision, id_)))
        if check_acceptances(after, catalog, where)[:-1] != before:
            raise ContentError(Problem(where, "a file to which an entry can be added", "another order of its tables"))
        write_whole(path, after.encode())
    return id_, path


def _values(finding: Finding, decision: Decision, id_: str) -> dict[str, Written]:
    subject: dict[str, str | int | bool | tuple[str, ...]] = {}
    nulls = []
    for name, value in finding.subject.items():
        if value is None:
            nulls.append(name)
        elif isinstance(value, tuple):
            if None in value:
                expected = f"values of `{name}` that TOML can say"
                raise ContentError(Problem(f"finding {finding.id}", expected, "a list with NULL in it"))
            subject[name] = tuple(str(item) for item in value)
        else:
            subject[name] = value
    named: dict[str, Written] = {"id": id_, "query": finding.query, "subject": subject}
    if nulls:
        named["nulls"] = tuple(nulls)
    return {
        **named,
        "reason": decision.reason,
        "approver": decision.approver,
        "preparer": decision.preparer,
        "ticket": decision.ticket,
        "approved_on": decision.approved_on,
        "expires_on": decision.expires_on,
    }


def _next_id(taken: set[str]) -> str:
    numbers = [int(match[1]) for one in taken if (match := _OWN_ID.fullmatch(one))]
    return f"ACC-{max(numbers, default=0) + 1}"
