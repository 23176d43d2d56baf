"""What goes wrong, because a test wants it to; and what was asked of the endpoint until now."""

import re
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from athena_endpoint.refusals import CANCELLED_BY_USER, CUT_OFF, Category, Ending, RefusedError, State

ELSEWHERE = "eu-central-1"
"""The region of buckets that have moved."""

THROTTLED = RefusedError("ThrottlingException", "Rate exceeded")
TOO_MANY_QUERIES = RefusedError(
    "TooManyRequestsException",
    "You have exceeded the limit for the number of queries you can run concurrently. Reduce the number of concurrent "
    "queries submitted by this account. Contact customer support to request a concurrent query limit increase.",
    Reason="CONCURRENT_QUERY_LIMIT_EXCEEDED",
)
EXPIRED = RefusedError("ExpiredTokenException", "The security token included in the request is expired")


class ResultFault(Enum):
    """What happens to the rows of a statement that succeeds."""

    LOST = auto()
    """The object is deleted."""
    DENIED = auto()
    """It may not be read."""
    CUT = auto()
    """All rows but the first are missing from what is read."""


@dataclass(slots=True)
class StatementFault:
    """What happens to statements whose text a pattern is found in.

    Attributes:
        pattern: Regular expression; capitals do not matter, and a dot matches line ends.
        times: How many statements it still happens to.
        hold: They run until this is set.
        ending: They end so, without having read anything.
        result: They succeed, and this happens to their rows.
    """

    pattern: str
    times: int = 1
    hold: threading.Event | None = None
    ending: Ending | None = None
    result: ResultFault | None = None

    def matches(self, sql: str) -> bool:
        """Tell whether it happens to a statement."""
        return self.times > 0 and re.search(self.pattern, sql, re.IGNORECASE | re.DOTALL) is not None


@dataclass
class Faults:
    """Set by tests, obeyed by the endpoint. `reset` at the end of a test.

    Attributes:
        calls: How often each action was called, those refused included: "StartQueryExecution", "PutObject".
        started: The requests of all calls of StartQueryExecution, as they came.
        most_active: The most executions that were under way at once.
        active_limit: How many may be; one more is refused as AWS refuses it. None for no limit.
        scan_factor: What scanned bytes are multiplied by, to reach a cutoff with little data.
        denied: Prefixes, `s3://bucket/prefix`, that nobody may read, list or write.
        key_denied: Prefixes whose objects are encrypted with a key that nobody may use.
        moved: Buckets that are in another region, `ELSEWHERE`: S3's clients find them there, Athena refuses them.
    """

    calls: Counter[str] = field(default_factory=Counter)
    started: list[dict[str, Any]] = field(default_factory=list)
    most_active: int = 0
    active_limit: int | None = None
    scan_factor: int = 1
    denied: set[str] = field(default_factory=set)
    key_denied: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    _refusals: dict[str, deque[RefusedError]] = field(default_factory=dict)
    _statements: list[StatementFault] = field(default_factory=list)
    _calls_left: int | None = None
    _expired_keys: set[str] = field(default_factory=set)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def reset(self) -> None:
        """Let everything go well again, let go what is held, and forget what was asked."""
        with self._lock:
            for fault in self._statements:
                if fault.hold:
                    fault.hold.set()
            fresh = Faults()
            for name in vars(fresh):
                if name != "_lock":
                    setattr(self, name, getattr(fresh, name))

    def throttle(self, action: str, times: int = 1) -> None:
        """Answer the next calls of an action with "Rate exceeded"; those of S3 with SlowDown."""
        self.refuse(action, THROTTLED, times)

    def refuse(self, action: str, refusal: RefusedError, times: int = 1) -> None:
        """Refuse the next calls of an action: `TOO_MANY_QUERIES`, or whatever AWS might say."""
        with self._lock:
            self._refusals.setdefault(action, deque()).extend([refusal] * times)

    def fail(
        self, pattern: str, reason: str, *, times: int = 1, retryable: bool = False, error_type: int = 1000
    ) -> None:
        """Have statements fail."""
        category = Category.SYSTEM if retryable else Category.USER
        self.add(StatementFault(pattern, times, ending=Ending(State.FAILED, reason, category, error_type, retryable)))

    def cancel(self, pattern: str, times: int = 1) -> None:
        """Have somebody else cancel statements."""
        self.add(StatementFault(pattern, times, ending=CANCELLED_BY_USER))

    def cut_off(self, pattern: str, times: int = 1) -> None:
        """Have statements reach the workgroup's cutoff."""
        self.add(StatementFault(pattern, times, ending=CUT_OFF))

    def spoil_result(self, pattern: str, result: ResultFault, times: int = 1) -> None:
        """Have statements succeed, and something happen to their rows."""
        self.add(StatementFault(pattern, times, result=result))

    @contextmanager
    def held(self, pattern: str, times: int = 1) -> Iterator[threading.Event]:
        """Have statements stay in RUNNING until the block ends, or the event that it gets is set."""
        release = threading.Event()
        self.add(StatementFault(pattern, times, hold=release))
        try:
            yield release
        finally:
            release.set()

    def add(self, fault: StatementFault) -> None:
        """Have something happen to statements; what was added first happens first."""
        with self._lock:
            self._statements.append(fault)

    def expire_after(self, calls: int) -> None:
        """Have the credentials of the call after so many more expire; other credentials stay good."""
        with self._lock:
            self._calls_left = calls

    def of_statement(self, sql: str) -> StatementFault | None:
        """Return what happens to a statement that is started now."""
        with self._lock:
            for fault in self._statements:
                if fault.matches(sql):
                    fault.times -= 1
                    return fault
        return None

    def of_call(self, action: str, access_key: str) -> RefusedError | None:
        """Take note of a call; return how it is refused, if it is."""
        with self._lock:
            self.calls[action] += 1
            if self._calls_left is not None:
                self._calls_left -= 1
                if self._calls_left < 0:
                    self._expired_keys.add(access_key)
                    self._calls_left = None
            if access_key in self._expired_keys:
                return EXPIRED
            waiting = self._refusals.get(action)
            return waiting.popleft() if waiting else None

    def place_denied(self, uri: str) -> bool:
        """Tell whether nobody may touch an object or a prefix."""
        return uri.startswith(tuple(self.denied))

    def place_key_denied(self, uri: str) -> bool:
        """Tell whether an object is encrypted with a key that nobody may use."""
        return uri.startswith(tuple(self.key_denied))
