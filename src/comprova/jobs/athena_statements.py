"""Statements of a command that no later one goes on with: of setting up and of diagnosing a job."""

import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comprova.engines.athena.journal import Finished
    from comprova.engines.athena.place import AthenaPlace
    from comprova.engines.athena.session import AthenaSession


class PassingJournal:
    """A journal that is forgotten with the process: the same statement given by the next command is run again."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._scanned: dict[str, int] = {}

    def known(self, token: str) -> str | None:
        """Return the id of the execution that was started with a token."""
        return self._ids.get(token)

    def started(self, token: str, execution_id: str) -> None:
        """Remember an execution."""
        self._ids[token] = execution_id

    def finished(self, finished: "Finished") -> None:
        """Remember what an execution scanned."""
        self._scanned[finished.execution_id] = finished.bytes_scanned

    def scanned(self) -> Mapping[str, int]:
        """Return the bytes that each ended execution scanned, by its id."""
        return dict(self._scanned)


def passing_session(place: "AthenaPlace") -> "AthenaSession":
    """Open a session whose statements are new ones, whatever was run before; close it after use."""
    from comprova.engines.athena.session import AthenaSession

    return AthenaSession(
        place, PassingJournal(), scope=uuid.uuid4().hex, clock=lambda: datetime.now(UTC), sleep=time.sleep
    )
