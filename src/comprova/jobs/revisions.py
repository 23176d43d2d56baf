"""Revisions of a run: r1, r2, …; a sealed one is never overwritten."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comprova.errors import ComprovaError, Problem
from comprova.evidence.layout import RunLayout
from comprova.jobs.ledger import Ledger, read_ledger

_REVISION = re.compile(r"r([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Revision:
    """The revision that a command works on.

    Attributes:
        number: 1 for r1.
        layout: Where it lies.
        ledger: Of earlier attempts at it; None where there was none.
    """

    number: int
    layout: RunLayout
    ledger: Ledger | None

    @property
    def sealed(self) -> bool:
        """Whether its evidence is complete."""
        return self.layout.evidence.manifest.is_file()


def fingerprint_of(inputs: Mapping[str, str]) -> str:
    """Return the SHA-256 of everything that evidence depends on, given the parts by name."""
    return hashlib.sha256(json.dumps(sorted(inputs.items())).encode()).hexdigest()


def newest_revision(folder: Path) -> Revision | None:
    """Return the last revision in the folder of a job and period, or None."""
    numbers = revision_numbers(folder)
    if not numbers:
        return None
    layout = RunLayout(folder / f"r{max(numbers)}")
    return Revision(max(numbers), layout, read_ledger(layout.ledger))


def revision_numbers(folder: Path) -> list[int]:
    """Return the numbers of the revisions in the folder of a job and period, in no order."""
    return [int(match[1]) for path in folder.glob("r*") if (match := _REVISION.fullmatch(path.name)) and path.is_dir()]


def sealed_before(folder: Path, revision: Revision) -> Revision | None:
    """Return the last sealed revision before one, or None."""
    for number in sorted(revision_numbers(folder), reverse=True):
        layout = RunLayout(folder / f"r{number}")
        if number < revision.number and layout.evidence.manifest.is_file():
            return Revision(number, layout, read_ledger(layout.ledger))
    return None


def choose_revision(folder: Path, inputs: Mapping[str, str], earlier: str, *, revise: bool) -> Revision:
    """Decide where a run goes on.

    A sealed revision of the same inputs is returned as it is, and an unsealed one to be completed. Other inputs make a
    new revision; beside a sealed one only if the user asks for it. So does asking again what failed, of the same, or
    comparing again with evidence of the period before that is another than it was.

    Args:
        folder: Of the job and period.
        inputs: All that answers depend on.
        earlier: The evidence of the period before, as `Ledger.earlier` has it. No answer depends on it, so it is no
            reason to leave a revision that is not sealed, nor to refuse one that is.
        revise: Whether the user asks for a new revision.

    Raises:
        ComprovaError: The newest revision is sealed, its inputs were others or cannot be told because its ledger is
            gone, and `revise` is not set.
    """
    newest = newest_revision(folder)
    if newest is None:
        return Revision(1, RunLayout(folder / "r1"), None)
    if newest.ledger is None and not newest.layout.evidence.root.exists():
        return newest  # killed before its ledger was written: it never began
    if newest.ledger is not None and newest.ledger.fingerprint == fingerprint_of(inputs):
        failed = any(entry.outcome is not None for entry in newest.ledger.queries.values())
        if not (newest.sealed and revise and (failed or newest.ledger.earlier != earlier)):
            return newest
    if newest.sealed and not revise:
        raise ComprovaError(
            Problem(
                str(newest.layout.root),
                "the same inputs as when its evidence was sealed",
                f"other {_changed(newest.ledger.inputs, inputs)}" if newest.ledger else "no run.json that tells them",
                f"Run again with --revise to make r{newest.number + 1} beside it.",
            )
        )
    return Revision(newest.number + 1, RunLayout(folder / f"r{newest.number + 1}"), None)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    return ", ".join(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))
