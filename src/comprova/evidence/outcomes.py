"""What can be said of a query, a requirement and a cell: closed lists."""

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """Of one query in one run."""

    EXCEPTIONS = "exceptions"
    """An exception query has rows that no valid acceptance covers."""
    FAILED = "failed"
    """The engine said no, or the result could not be read whole."""
    NOT_RUN = "not-run"
    """Over budget, or cancelled."""
    INCONCLUSIVE = "inconclusive"
    """No rows, and no conclusion can be drawn."""
    ACCEPTED = "accepted"
    """It has rows, and valid acceptances cover all of them."""
    NOTHING_RECORDED = "nothing-recorded"
    """A population or metric has no rows, and its events would have been logged."""
    NO_EXCEPTIONS = "no-exceptions"
    """An exception query has no rows, and its events would have been logged."""
    RECORDED = "recorded"
    """A population or metric has rows."""


WORST_FIRST: tuple[Outcome, ...] = tuple(Outcome)
"""The order in which the outcomes of its proving queries decide a requirement's: findings always win."""


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome that decides among several; there must be one."""
    return min(outcomes, key=WORST_FIRST.index)


def joined(proving: Iterable[Outcome], *, evaluable: bool) -> Outcome:
    """Return the outcome of a requirement: the worst of its proving queries'; there must be one.

    A requirement of which a condition did not hold has one more answer, `inconclusive`. So exceptions, failed and
    not-run stay what they are, and whatever would have sounded clean does not.

    Args:
        proving: The outcomes of its proving queries.
        evaluable: Whether every condition of its `evaluable_if` held.
    """
    return worst([*proving] if evaluable else [*proving, Outcome.INCONCLUSIVE])


class Extent(StrEnum):
    """How far a result reaches. Absence is only ever claimed when it is whole."""

    WHOLE = "whole"
    LOWER_BOUND = "lower-bound"


class Standing(StrEnum):
    """What is said of a requirement that has no outcome of its own."""

    JUDGED = "judged"
    """It has one: the worst of its proving queries, `inconclusive` at best where a condition did not hold."""
    SUPPORTING = "supporting"
    """Supporting evidence, with the outcomes of its queries."""
    MANUAL = "manual"
    """Its evidence is collected by people."""
    OUT_OF_REACH = "out-of-reach"
    """Its evidence arises where CloudTrail does not see."""


class CellState(StrEnum):
    """Whether events of one kind were logged in one cell: log account x region x day."""

    RECORDED = "recorded"
    """An event of that kind."""
    QUIET = "quiet"
    """None, but the trail recorded other events in that account that day."""
    GAP = "gap"
    """Nothing at all."""
    UNKNOWN = "unknown"
    """It cannot be told, of the day or a part of it."""


class InterruptionCause(StrEnum):
    """What ended a trail's recording of some kinds of events."""

    STOPPED = "stopped"
    """StopLogging."""
    DELETED = "deleted"
    """DeleteTrail."""
    NARROWED = "narrowed"
    """PutEventSelectors."""
    NOT_STARTED = "not-started"
    """It was off already in the first that is held of it."""


class Assurance(StrEnum):
    """What is known of the trail in a cell."""

    PROVEN = "proven"
    PARTLY = "partly"
    NOT_PROVEN = "not-proven"


class ReasonCode(StrEnum):
    """Why something is a lower bound, inconclusive, not run or not proven; documents say each in words.

    The facts that belong to each are named beside it.
    """

    GAP = "gap"
    """cells: how many cells recorded nothing at all; examples: up to five of them."""
    NOT_LOGGED = "not-logged"
    """need: a kind of event that the trail may not record; accounts: where."""
    RESOURCE_NOT_LOGGED = "resource-not-logged"
    """need; resources: those in scope of which neither event nor selector shows all data events to be recorded."""
    INTERRUPTED = "interrupted"
    """interruptions: of a trail, after which nothing shows that another recorded; examples: up to five of them."""
    UNREADABLE_FILES = "unreadable-files"
    """files: log files that were not read, or not whole."""
    UNREADABLE_RECORDS = "unreadable-records"
    """records: that could not be read."""
    MISFITS = "misfits"
    """fields: values that did not fit their column, and stand there as NULL."""
    NOT_COUNTED = "not-counted"
    """figures: those that the engine cannot count, of `misfits` and `unreadable-records`."""
    UNDATED_RECORDS = "undated-records"
    """records: without a usable event time."""
    UNREADABLE_PAYLOADS = "unreadable-payloads"
    """records: whose request or response was omitted by AWS or cannot be parsed."""
    PERIOD_OPEN = "period-open"
    """closes: the moment from which all events can be expected to be delivered."""
    LOOK_BACK = "look-back"
    """wanted: the day the look-back should reach; reaches: the first day that is held."""
    PARAMETER_NOT_SET = "parameter-not-set"
    """parameters: the required ones that the job does not set."""
    ENGINE = "engine"
    """message: what the engine said."""
    OVER_BUDGET = "over-budget"
    """limit: the bytes allowed."""
    CANCELLED = "cancelled"
    """The run was stopped before this query."""
    NO_LOGS = "no-logs"
    """The period holds no log file at all."""
    QUIET_CELLS = "quiet-cells"
    """cells: without an event of a needed kind, in accounts that recorded others that day."""
    NO_INVENTORY = "no-inventory"
    """The job does not name the accounts that must be there."""
    NO_DIGEST = "no-digest"
    """Nothing has been compared with CloudTrail's signed digest files."""
