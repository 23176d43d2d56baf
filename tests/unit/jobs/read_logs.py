"""The logs of a run to test with."""

from dataclasses import replace
from typing import Any

from comprova.collect.recurrence import EarlierSide
from comprova.evidence.findings import Earlier, EarlierState
from comprova.evidence.model import LogFile
from comprova.jobs.logs import Logs

ACCOUNT = "111122223333"
EMBEDDED = Logs((), frozenset({ACCOUNT}), {}, {}, 0, closed=True, engine="duckdb", translated=True)
ATHENA = replace(EMBEDDED, misfits=None, engine="athena", translated=False)


def logs_of(*files: LogFile, of: Logs = EMBEDDED, **facts: Any) -> Logs:
    """Return the logs of some files, with some facts replaced."""
    return replace(of, files=files, **facts)


NO_EARLIER = EarlierSide(Earlier(period="2026-09", state=EarlierState.NONE), None, ())
"""The period before October, of which there is no evidence."""
