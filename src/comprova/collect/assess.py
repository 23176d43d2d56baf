"""Judges: from what a query returned and what was logged to its outcome, extent and reasons. Pure functions."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import assert_never

from comprova.catalog.needs import DATA_PREFIX
from comprova.catalog.query import Kind, QueryBlock
from comprova.collect.cells import BLOCKING, cell_name, cells_in_state
from comprova.collect.data_logging import Unproven
from comprova.evidence.model import Cell, Reason, TrailInterruption
from comprova.evidence.outcomes import Assurance, CellState, Extent, Outcome, ReasonCode

_MOST_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class TrailState:
    """What is known of the logs, for all queries alike.

    Attributes:
        cells: Of the whole scope.
        defects: Reasons why anything found is a lower bound: unreadable files, undated records, an open period.
        first_held: The first day, UTC, from which on every account holds events of each day up to the period; None
            where there are no accounts.
        log_files: Log files that were read.
        interruptions: Of trails.
    """

    cells: tuple[Cell, ...]
    defects: tuple[Reason, ...]
    first_held: date | None
    log_files: int
    interruptions: tuple[TrailInterruption, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of asking one query.

    Attributes:
        rows: Of its result; None where it has none.
        stopped: Why it has no result, if it failed or was not run.
        unset: Required parameters that the job does not set.
        wanted: The day that its look-back should reach; None where it does not look back.
        unproven: By data need, where its events are not known to have been recorded.
        unreadable_payloads: Events of which it should have read the request or response, and nobody can.
        accepted: Rows that valid acceptances cover.
    """

    rows: int | None = None
    stopped: tuple[Outcome, Reason] | None = None
    unset: tuple[str, ...] = ()
    wanted: date | None = None
    unproven: Mapping[str, Unproven] = field(default_factory=dict)
    unreadable_payloads: int = 0
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one query."""

    outcome: Outcome
    extent: Extent
    reasons: tuple[Reason, ...]
    cells_examined: int
    cells_expected: int
    assurance: Assurance


def defects(
    *,
    unread_files: int,
    unreadable_records: int,
    undated: int,
    misfits: int,
    closes: datetime | None,
) -> tuple[Reason, ...]:
    """Return why everything found in these logs is a lower bound.

    Args:
        unread_files: Log files that were not read, or not whole.
        unreadable_records: Records that could not be read.
        undated: Records without a usable time.
        misfits: Values that did not fit their column.
        closes: When the period closes, where it has not; None where it has.
    """
    counted = (
        (ReasonCode.UNREADABLE_FILES, "files", unread_files),
        (ReasonCode.UNREADABLE_RECORDS, "records", unreadable_records),
        (ReasonCode.UNDATED_RECORDS, "records", undated),
        (ReasonCode.MISFITS, "fields", misfits),
    )
    found = [Reason(code=code, facts={fact: count}) for code, fact, count in counted if count]
    if closes is not None:
        found.append(Reason(code=ReasonCode.PERIOD_OPEN, facts={"closes": closes.isoformat()}))
    return tuple(found)


def judge(block: QueryBlock, answered: Answered, trail: TrailState) -> Judgement:
    """Decide the outcome of one query from its block, what came of asking it, and what is known of the logs."""
    limits = [*unlogged(block.needs, answered.unproven, trail), *trail.defects, *_look_back(answered.wanted, trail)]
    if answered.unreadable_payloads:
        limits.append(Reason(code=ReasonCode.UNREADABLE_PAYLOADS, facts={"records": answered.unreadable_payloads}))
    blocked = [cell for cell in trail.cells if any(_blocks(cell, need, answered.unproven) for need in block.needs)]
    quiet = cells_in_state(trail.cells, _by_cell(block), frozenset({CellState.QUIET}))
    softened = [Reason(code=ReasonCode.QUIET_CELLS, facts={"cells": len(quiet)})] if quiet else []
    expected = len(trail.cells)
    examined = expected - len(blocked)
    assurance = _assurance(block, trail, bool(blocked))
    if answered.unset:
        reason = Reason(code=ReasonCode.PARAMETER_NOT_SET, facts={"parameters": tuple(sorted(answered.unset))})
        return Judgement(Outcome.INCONCLUSIVE, Extent.LOWER_BOUND, (reason,), 0, expected, assurance)
    if answered.stopped is not None:
        outcome, reason = answered.stopped
        return Judgement(outcome, Extent.LOWER_BOUND, (reason,), 0, expected, assurance)
    if answered.rows is None:
        message = f"{block.id} was neither answered nor stopped"
        raise ValueError(message)
    extent = Extent.LOWER_BOUND if limits else Extent.WHOLE
    outcome = _found(block.kind, answered.rows - answered.accepted) if answered.rows else _absent(block.kind, extent)
    return Judgement(outcome, extent, (*limits, *softened), examined, expected, assurance)


def _found(kind: Kind, uncovered: int) -> Outcome:
    if kind is not Kind.EXCEPTION:
        return Outcome.RECORDED
    return Outcome.EXCEPTIONS if uncovered else Outcome.ACCEPTED


def _absent(kind: Kind, extent: Extent) -> Outcome:
    match kind, extent:
        case _, Extent.LOWER_BOUND:
            return Outcome.INCONCLUSIVE
        case Kind.EXCEPTION, Extent.WHOLE:
            return Outcome.NO_EXCEPTIONS
        case ((Kind.POPULATION | Kind.METRIC), Extent.WHOLE):
            return Outcome.NOTHING_RECORDED
        case _ as never:
            assert_never(never)


def _by_cell(block: QueryBlock) -> tuple[str, ...]:
    """Return the needs that are proven cell by cell; data events are proven per resource."""
    return tuple(need for need in block.needs if not need.startswith(DATA_PREFIX))


def _blocks(cell: Cell, need: str, by_need: Mapping[str, Unproven]) -> bool:
    """Tell whether a cell forbids to claim that there were no events of a kind."""
    if not need.startswith(DATA_PREFIX):
        return cell.states[need] in BLOCKING
    if cell.states[need] is CellState.GAP or need in cell.unlogged_minutes:
        return True
    unproven = by_need.get(need)
    return unproven is None or (cell.account, cell.day) in unproven.places


def unlogged(needs: Sequence[str], by_need: Mapping[str, Unproven], trail: TrailState) -> Iterator[Reason]:
    """Yield why events of some kinds are not known to have been logged in every cell; nothing where they are.

    Args:
        needs: The kinds.
        by_need: Of kinds of data events, where they are not proven.
        trail: What is known of the logs.
    """
    if not trail.log_files:
        yield Reason(code=ReasonCode.NO_LOGS)
        return
    gaps = cells_in_state(trail.cells, needs, frozenset({CellState.GAP}))
    if gaps:
        examples = tuple(cell_name(cell) for cell in gaps[:_MOST_EXAMPLES])
        yield Reason(code=ReasonCode.GAP, facts={"cells": len(gaps), "examples": examples})
    for need in needs:
        unproven = by_need.get(need)
        if unproven is not None and unproven.resources:
            lacking = unproven.resources
            yield Reason(code=ReasonCode.RESOURCE_NOT_LOGGED, facts={"need": need, "resources": lacking})
        elif accounts := _never_shown(need, by_need, trail):
            yield Reason(code=ReasonCode.NOT_LOGGED, facts={"need": need, "accounts": accounts})
    yield from interrupted(trail.interruptions, needs)


def _never_shown(need: str, by_need: Mapping[str, Unproven], trail: TrailState) -> tuple[str, ...]:
    """Return the accounts of which nothing shows that events of a kind were recorded, without any interruption."""
    silent = (
        cell
        for cell in trail.cells
        if cell.states[need] is not CellState.GAP and need not in cell.unlogged_minutes and _blocks(cell, need, by_need)
    )
    return tuple(sorted({cell.account for cell in silent}))


def interrupted(found: Iterable[TrailInterruption], needs: Collection[str]) -> Iterator[Reason]:
    """Return why the time in which trails were interrupted is open, for some kinds of events."""
    if telling := [one for one in found if one.cells.keys() & set(needs)]:
        examples = tuple(interruption_name(one) for one in telling[:_MOST_EXAMPLES])
        yield Reason(code=ReasonCode.INTERRUPTED, facts={"interruptions": len(telling), "examples": examples})


def interruption_name(one: TrailInterruption) -> str:
    """Return how documents name an interruption: account, region, trail, and from when to when, UTC."""
    ends = ("" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (one.start, one.end))
    return f"{one.account} {one.region} {one.trail} {'..'.join(ends)}"


def _look_back(wanted: date | None, trail: TrailState) -> list[Reason]:
    if wanted is None or (trail.first_held is not None and trail.first_held <= wanted):
        return []
    reaches = trail.first_held.isoformat() if trail.first_held else ""
    return [Reason(code=ReasonCode.LOOK_BACK, facts={"wanted": wanted.isoformat(), "reaches": reaches})]


def _assurance(block: QueryBlock, trail: TrailState, blocked: bool) -> Assurance:  # noqa: FBT001 - one of three facts
    levels = [cell.assurance for cell in trail.cells]
    if not levels or (blocked and block.needs):
        return Assurance.NOT_PROVEN
    return max(levels, key=tuple(Assurance).index)
