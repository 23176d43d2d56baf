"""What a run may scan: whether another statement is started, given what was scanned and what may be under way."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Condition

from comprova.engines.athena.calls import Patience
from comprova.errors import BudgetError, Problem


class Budget:
    """Lets a statement start only if the run stays below its limit however much the statement scans.

    Args:
        limit: Bytes that the run may scan; None for no limit.
        scanned: Bytes by execution of earlier attempts of the run.
        patience: Asked to stop, whoever waits for room here stops waiting.
    """

    def __init__(self, limit: int | None, scanned: Mapping[str, int], patience: Patience) -> None:
        self.limit = limit
        self._scanned = dict(scanned)
        self._under_way: list[int] = []
        self._changed = Condition()
        self._patience = patience

    @contextmanager
    def room(self, name: str, at_most: int | None, *, started: bool = False) -> Iterator[None]:
        """Hold room for a statement while it is under way; wait until others have left enough.

        Args:
            name: Of the statement, for messages.
            at_most: Bytes that it may scan; None where nothing bounds it.
            started: Whether it is under way already: it takes room, and needs none.

        Raises:
            BudgetError: It may scan more than is left when nothing else is under way.
            RunStoppedError: The run was asked to stop meanwhile.
        """
        if self.limit is None:
            yield
            return
        held = (at_most or 0) if started else self._bounded(name, at_most)
        with self._changed:
            while not started and sum(self._scanned.values()) + sum(self._under_way) + held > self.limit:
                self._patience.check()
                self._refuse_if_never(name, held, self.limit)
                self._changed.wait()
            self._under_way.append(held)
        try:
            yield
        finally:
            with self._changed:
                self._under_way.remove(held)
                self._changed.notify_all()

    def spend(self, execution_id: str, scanned: int) -> None:
        """Count what an execution scanned; each execution once."""
        with self._changed:
            self._scanned[execution_id] = scanned

    def wake(self) -> None:
        """Let whoever waits for room look again, because the run was asked to stop."""
        with self._changed:
            self._changed.notify_all()

    def _bounded(self, name: str, at_most: int | None) -> int:
        if at_most is None:
            hint = "Set the job's query_cutoff and run comprova athena setup JOB --update."
            raise BudgetError(Problem(name, "a bound of what it scans, under max_scan", "none", hint))
        return at_most

    def _refuse_if_never(self, name: str, held: int, limit: int) -> None:
        spent = sum(self._scanned.values())
        if spent + held > limit:
            found = f"{spent:,} bytes scanned so far and up to {held:,} by this statement"
            hint = "Raise max_scan (--max-scan), or lower the job's query_cutoff."
            raise BudgetError(Problem(name, f"at most {limit:,} bytes scanned by the run", found, hint))
