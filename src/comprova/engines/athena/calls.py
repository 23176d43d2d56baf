"""Calls to Athena that are tried until they succeed, fail for good, or have taken too long."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from comprova.engines.athena.faults import AWS_ERRORS, Fault, fault_of
from comprova.errors import Problem, RunStoppedError

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient

Clock = Callable[[], datetime]
"""Gives the aware moment."""
Sleep = Callable[[float], None]
"""Waits so many seconds."""

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0  # seconds
_SLICE = 0.5  # seconds until a request to stop is heard
_UNREACHABLE_FOR = timedelta(minutes=2)
"""A network that was interrupted is back by then; an address that was mistyped is not worth half an hour."""
_LAST_CALLS_FOR = timedelta(seconds=10)
"""For stopping all statements: whoever asked a process to stop kills it soon after (Amazon ECS: 30 seconds)."""

_random = secrets.SystemRandom()


def jittered(attempt: int) -> float:
    """Return the seconds to wait after an attempt, counted from 0: any up to a bound that doubles ("full jitter").

    AWS Architecture Blog, "Exponential Backoff And Jitter".
    """
    return _random.uniform(0, min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(attempt, 16)))


class Patience:
    """The time of one session: what it is, waiting for some to pass, and when not to wait any longer.

    Args:
        clock: Gives the aware moment.
        sleep: Waits.

    Attributes:
        now: Gives the aware moment.
        stopped_at: When the session was asked to stop; None until then.
    """

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self.now = clock
        self._sleep = sleep
        self.stopped_at: datetime | None = None

    def stop(self) -> None:
        """Let nobody wait any longer."""
        if self.stopped_at is None:
            self.stopped_at = self.now()

    @property
    def stopping(self) -> bool:
        """Whether the session was asked to stop."""
        return self.stopped_at is not None

    def check(self) -> None:
        """Go on only if nobody asked to stop.

        Raises:
            RunStoppedError: Someone did.
        """
        if self.stopping:
            hint = "The same command goes on where this one ended."
            raise RunStoppedError(Problem("run", "to be let go on", "a request to stop", hint))

    def rest(self, seconds: float) -> None:
        """Wait.

        Raises:
            RunStoppedError: Someone asked to stop meanwhile.
        """
        self.check()
        while seconds > 0:
            self._sleep(min(seconds, _SLICE))
            seconds -= _SLICE
            self.check()

    def pause(self, seconds: float) -> None:
        """Wait, although someone asked to stop."""
        self._sleep(seconds)


class PatientClient:
    """Athena's API as boto3 gives it, for PyAthena and this package; throttling and faults that pass are waited out.

    Every call here can be repeated without harm: StartQueryExecution carries a ClientRequestToken.

    Args:
        client: boto3's; it does not retry by itself.
        patience: Time.
        deadline: For one call with all its repetitions.
    """

    def __init__(self, client: "AthenaClient", patience: Patience, deadline: timedelta) -> None:
        self._client = client
        self._patience = patience
        self._deadline = deadline

    def start_query_execution(self, **request: Any) -> Any:
        """Start a statement, or get the execution that was started with the same token."""
        return self._call(self._client.start_query_execution, request)

    def get_query_execution(self, **request: Any) -> Any:
        """Get the state and statistics of an execution."""
        return self._call(self._client.get_query_execution, request)

    def get_query_results(self, **request: Any) -> Any:
        """Get a page of rows."""
        return self._call(self._client.get_query_results, request)

    def get_query_runtime_statistics(self, **request: Any) -> Any:
        """Get the numbers of rows of an execution."""
        return self._call(self._client.get_query_runtime_statistics, request)

    def get_work_group(self, **request: Any) -> Any:
        """Get the settings of a workgroup."""
        return self._call(self._client.get_work_group, request)

    def stop_query_execution(self, **request: Any) -> Any:
        """Stop an execution; also after someone asked the session to stop, and then briefly."""
        began, attempt = self._patience.stopped_at or self._patience.now(), 0
        while True:
            try:
                return self._client.stop_query_execution(**request)
            except AWS_ERRORS as error:
                if not fault_of(error).passes or self._patience.now() - began >= _LAST_CALLS_FOR:
                    raise
            self._patience.pause(jittered(attempt))
            attempt += 1

    def _call(self, operation: Callable[..., Any], request: dict[str, Any]) -> Any:
        began, attempt = self._patience.now(), 0
        while True:
            self._patience.check()
            try:
                return operation(**request)
            except AWS_ERRORS as error:
                fault = fault_of(error)
                deadline = _UNREACHABLE_FOR if fault is Fault.UNREACHABLE else self._deadline
                if not fault.passes or self._patience.now() - began >= deadline:
                    raise
            self._patience.rest(jittered(attempt))
            attempt += 1
