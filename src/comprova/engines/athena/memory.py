"""What a session knows of its executions: those of earlier attempts, and those that have not ended."""

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from comprova.engines.athena.journal import Finished, Journal
from comprova.engines.athena.place import AthenaPlace


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement to run.

    Attributes:
        name: What the run calls it.
        sql: Its text.
        database: In which names without one are looked up; empty for none.
        at_most: Bytes that it may scan, as far as the caller knows; None where it does not.
        writes: Whether it fills a folder that must be empty, so that none may be started after one that failed.
    """

    name: str
    sql: str
    database: str
    at_most: int | None
    writes: bool = False


class Memory:
    """Remembers executions for several threads.

    Args:
        journal: Remembers them from one attempt of the run to the next.
        scope: What makes them this run's own.
        place: Where they run.
    """

    def __init__(self, journal: Journal, scope: str, place: AthenaPlace) -> None:
        self._journal = journal
        # All that Athena compares when it sees a token again is part of it, so that it never differs under one token.
        self._own = (scope, place.region, place.workgroup, place.results.uri)
        self._under_way: set[str] = set()
        self._lock = threading.Lock()

    def attempts(self, sent: Sent) -> Iterator[tuple[str, str | None]]:
        """Yield, without end, the ClientRequestToken of each attempt at a statement, and the execution known by it."""
        for attempt in count():
            parts = (*self._own, sent.name, sent.database, sent.sql, attempt)
            token = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
            with self._lock:
                known = self._journal.known(token)
            yield token, known

    def began(self, token: str, execution_id: str, *, found: bool) -> None:
        """Remember an execution that was started just now, or found again, and has to be waited for."""
        with self._lock:
            self._under_way.add(execution_id)
            if not found:
                self._journal.started(token, execution_id)

    def ended(self, finished: Finished) -> None:
        """Remember how an execution ended."""
        with self._lock:
            self._under_way.discard(finished.execution_id)
            self._journal.finished(finished)

    def forgot(self, execution_id: str) -> None:
        """Let go of an execution that Athena does not know any more."""
        with self._lock:
            self._under_way.discard(execution_id)

    @property
    def under_way(self) -> tuple[str, ...]:
        """Ids of the executions that have begun and have not ended."""
        with self._lock:
            return tuple(sorted(self._under_way))
