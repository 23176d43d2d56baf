"""Was it logged? From log files to outcomes, cell by cell: what nobody recorded is never said to be absent."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from comprova.evidence.outcomes import Assurance, CellState, Extent, InterruptionCause, Outcome, ReasonCode
from engines.whole_records import ACCOUNT
from month_run import (
    DATA,
    DAYS,
    KMS,
    REGION,
    ROOT,
    STOPPED,
    Event,
    Job,
    call,
    kms_call,
    object_read,
    routine,
    trail_call,
)

READ, WRITE, S3 = "management:read", "management:write", "data:s3"
OTHER = "444455556666"
FIFTH = date(2026, 10, 5)


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., Job]:
    """Give what makes a job in an empty folder."""
    return lambda **facts: Job(tmp_path, **facts)


def days_in(states: dict[date, CellState], state: CellState) -> list[int]:
    """Return the days of the month in a state."""
    return [day.day for day, found in states.items() if found is state]


def test_a_month_with_everything_claims_absence(job: Callable[..., Job]) -> None:
    """The near miss of all that follows: every cell recorded, data events on the bucket, no row, no exception."""
    one = job()
    one.deliver(*routine(), Event(object_read("2026-10-09T12:00:00Z", "cards")))
    ran = one.run()
    assert {ran.query(query).outcome for query in (ROOT, KMS, DATA, STOPPED)} == {Outcome.NO_EXCEPTIONS}
    assert (ran.query(ROOT).cells_examined, ran.query(ROOT).cells_expected) == (31, 31)
    assert ran.assurance.interruptions == ()


def test_a_silent_day_is_a_gap(job: Callable[..., Job]) -> None:
    """One account says nothing on one day: a gap in each of its regions, none in the other account's."""
    one = job()
    one.deliver(*routine([day for day in DAYS if day != FIFTH]), *routine(account=OTHER))
    ran = one.run()
    assert days_in(ran.cells(WRITE), CellState.GAP) == [5]
    assert days_in(ran.cells(WRITE, OTHER), CellState.GAP) == []
    said = ran.query(ROOT)
    assert (said.outcome, said.extent, said.assurance) == (
        Outcome.INCONCLUSIVE,
        Extent.LOWER_BOUND,
        Assurance.NOT_PROVEN,
    )
    assert (said.cells_examined, said.cells_expected) == (61, 62)
    assert ran.facts(ROOT, ReasonCode.GAP) == {"cells": 1, "examples": (f"{ACCOUNT} {REGION} 2026-10-05",)}


def test_a_region_never_used_is_quiet(job: Callable[..., Job]) -> None:
    """Its cells are expected because the job names it; the account's other events allow the claim, and that is told."""
    one = job(regions=(REGION, "eu-west-1"))
    one.deliver(*routine())
    ran = one.run()
    assert set(ran.cells(WRITE, region="eu-west-1").values()) == {CellState.QUIET}
    said = ran.query(ROOT)
    assert (said.outcome, said.assurance, said.cells_expected) == (Outcome.NO_EXCEPTIONS, Assurance.PARTLY, 62)
    assert ran.facts(ROOT, ReasonCode.QUIET_CELLS) == {"cells": 31}


def test_a_month_with_one_day_of_logs(job: Callable[..., Job]) -> None:
    """Thirty days are gaps, whatever the one day shows."""
    one = job()
    one.deliver(*routine([FIFTH]))
    ran = one.run()
    assert days_in(ran.cells(WRITE), CellState.RECORDED) == [5]
    assert len(days_in(ran.cells(WRITE), CellState.GAP)) == 30
    assert (ran.query(ROOT).outcome, ran.query(ROOT).cells_examined) == (Outcome.INCONCLUSIVE, 1)


def test_logs_of_an_account_that_nobody_expected(job: Callable[..., Job]) -> None:
    """It is told, it has no cells, and the accounts that were expected are judged alone."""
    one = job(accounts=(ACCOUNT,))
    one.deliver(*routine(), *routine([FIFTH], account=OTHER))
    ran = one.run(documents=True)
    assert ran.assurance.unexpected_accounts == (OTHER,)
    assert {cell.account for cell in ran.assurance.cells} == {ACCOUNT}
    assert ran.query(ROOT).outcome is Outcome.NO_EXCEPTIONS
    assert OTHER in ran.document()


def test_an_expected_account_without_logs(job: Callable[..., Job]) -> None:
    """Every day of it is a gap, in the region where global services log, and it is named."""
    one = job(accounts=(ACCOUNT, OTHER))
    one.deliver(*routine())
    ran = one.run()
    assert ran.assurance.silent_accounts == (OTHER,)
    assert set(ran.cells(WRITE, OTHER).values()) == {CellState.GAP}
    assert (ran.query(ROOT).outcome, ran.query(ROOT).cells_examined) == (Outcome.INCONCLUSIVE, 31)


def test_a_management_event_that_does_not_say_whether_it_reads_proves_neither_kind(job: Callable[..., Job]) -> None:
    """The day is quiet for both kinds, and not a gap."""
    one = job()
    mute = {name: value for name, value in call("2026-10-05T12:00:00Z").items() if name != "readOnly"}
    one.deliver(*routine([day for day in DAYS if day != FIFTH]), Event(mute))
    ran = one.run()
    assert {ran.cell(FIFTH).states[need] for need in (READ, WRITE)} == {CellState.QUIET}


def test_data_events_on_a_bucket_prove_nothing_of_its_neighbour(job: Callable[..., Job]) -> None:
    """The bucket without events is named; an absence of reads is claimed of neither."""
    one = job(buckets=("cards", "patients"))
    one.deliver(*routine(), *(Event(object_read(f"{day}T12:00:00Z", "cards")) for day in DAYS))
    ran = one.run()
    assert set(ran.cells(S3).values()) == {CellState.RECORDED}
    assert (ran.query(DATA).outcome, ran.query(DATA).cells_examined) == (Outcome.INCONCLUSIVE, 0)
    assert ran.facts(DATA, ReasonCode.RESOURCE_NOT_LOGGED) == {"need": S3, "resources": ("patients",)}


def basic(*buckets: str, **more: Any) -> dict[str, Any]:
    """Return a basic selector for all management events and the data events of some buckets."""
    values = [f"arn:aws:s3:::{bucket}/" for bucket in buckets]
    resources = [{"type": "AWS::S3::Object", "values": values}] if buckets else []
    return {"readWriteType": "All", "includeManagementEvents": True, "dataResources": resources, **more}


def selected(moment: str, *selectors: dict[str, Any], trail: str = "org") -> Event:
    """Return a call that gives a trail basic selectors."""
    return Event(trail_call(moment, "PutEventSelectors", {"trailName": trail, "eventSelectors": list(selectors)}))


def advanced(moment: str, **fields: dict[str, list[str]]) -> Event:
    """Return a call that gives a trail one advanced selector of management events, with further fields."""
    conditions = [{"field": "eventCategory", "equals": ["Management"]}]
    conditions += [{"field": name, **condition} for name, condition in fields.items()]
    request = {"trailName": "org", "advancedEventSelectors": [{"name": "m", "fieldSelectors": conditions}]}
    return Event(trail_call(moment, "PutEventSelectors", request))


def test_a_selector_in_force_from_the_start_proves_its_buckets(job: Callable[..., Job]) -> None:
    """A bucket that nobody read, but that a selector names from before the period on: no reads is a finding of fact."""
    one = job(queries=(DATA, "credentials.long_term_key_use"))
    one.deliver(*routine(), selected("2026-09-30T12:00:00Z", basic("cards")))
    assert one.run().query(DATA).outcome is Outcome.NO_EXCEPTIONS


@pytest.mark.parametrize(
    ("selector", "examined"),
    [
        (basic("cards"), 21),
        (basic("patients"), 0),
        (basic("cards", readWriteType="WriteOnly"), 0),
        (basic("cards/2026"), 0),
    ],
)
def test_a_selector_proves_only_what_it_names_from_then_on(
    job: Callable[..., Job], selector: dict[str, Any], examined: int
) -> None:
    """Set on the tenth it says nothing of the days before; of a part of the bucket or of writes alone, nothing."""
    one = job()
    one.deliver(*routine(), selected("2026-10-10T12:00:00Z", selector))
    said = one.run().query(DATA)
    assert (said.outcome, said.cells_examined, said.cells_expected) == (Outcome.INCONCLUSIVE, examined, 31)


def test_a_bucket_dropped_from_the_selectors_is_open_from_then_on(job: Callable[..., Job]) -> None:
    """Events on it before prove nothing of the days after, unless there are events after too."""
    one = job()
    one.deliver(
        *routine(), Event(object_read("2026-10-05T12:00:00Z", "cards")), selected("2026-10-10T12:00:00Z", basic())
    )
    said = one.run().query(DATA)
    assert (said.outcome, said.cells_examined) == (Outcome.INCONCLUSIVE, 9)
    one.deliver(Event(object_read("2026-10-20T12:00:00Z", "cards")))
    assert one.run(revise=True).query(DATA).outcome is Outcome.NO_EXCEPTIONS


@pytest.mark.parametrize(
    ("narrowing", "open_kinds"),
    [
        (selected("2026-10-05T10:00:00Z", basic(excludeManagementEventSources=["kms.amazonaws.com"])), {"kms"}),
        (advanced("2026-10-05T10:00:00Z", eventSource={"notEquals": ["kms.amazonaws.com"]}), {"kms"}),
        (selected("2026-10-05T10:00:00Z", basic(readWriteType="ReadOnly")), {"kms", WRITE}),
        (selected("2026-10-05T10:00:00Z", basic(readWriteType="WriteOnly")), {"kms", READ}),
        (advanced("2026-10-05T10:00:00Z", readOnly={"equals": ["true"]}), {"kms", WRITE}),
        (advanced("2026-10-05T10:00:00Z", eventSource={"notEquals": ["iam.amazonaws.com"]}), {"kms", READ, WRITE}),
        (selected("2026-10-05T10:00:00Z", basic("cards", includeManagementEvents=False)), {"kms", READ, WRITE}),
        (Event(trail_call("2026-10-05T10:00:00Z", "PutEventSelectors", {"omitted": True})), {"kms", READ, WRITE}),
    ],
)
def test_narrowed_selectors_leave_kinds_unknown_until_changed(
    job: Callable[..., Job], narrowing: Event, open_kinds: set[str]
) -> None:
    """What a trail is told to leave out is unknown from then on, until it is told otherwise."""
    before, after = [day for day in DAYS if day < FIFTH], [day for day in DAYS if day > date(2026, 10, 8)]
    silent = [
        Event(call(f"2026-10-{day:02}T09:00:00Z", managementEvent=None, eventCategory="Insight"))
        for day in (5, 6, 7, 8)
    ]
    one = job()
    one.deliver(*routine(before), *silent, narrowing, selected("2026-10-08T10:00:00Z", basic()), *routine(after))
    ran = one.run()
    unknown = {need: days_in(ran.cells(need), CellState.UNKNOWN) for need in ("kms", READ, WRITE)}
    assert unknown == {need: [5, 6, 7, 8] if need in open_kinds else [] for need in ("kms", READ, WRITE)}
    assert ran.cell(FIFTH).unlogged_minutes == dict.fromkeys(sorted(open_kinds & {*ran.assurance.needs}), 14 * 60)
    outcomes = {query: ran.query(query).outcome for query in (ROOT, KMS)}
    assert outcomes[KMS] is Outcome.INCONCLUSIVE
    assert (outcomes[ROOT] is Outcome.INCONCLUSIVE) == bool(open_kinds & {READ, WRITE})


def test_events_of_a_kind_show_that_another_trail_records_it(job: Callable[..., Job]) -> None:
    """A selector of one trail leaves KMS out, and KMS events go on each day: nothing is open."""
    narrowing = selected("2026-10-05T10:00:00Z", basic(excludeManagementEventSources=["kms.amazonaws.com"]))
    one = job()
    one.deliver(*routine(), narrowing)
    ran = one.run()
    assert set(ran.cells("kms").values()) == {CellState.RECORDED}
    assert ran.query(KMS).outcome is Outcome.NO_EXCEPTIONS
    [interruption] = ran.assurance.interruptions
    assert (interruption.cause, interruption.kinds, interruption.cells) == (InterruptionCause.NARROWED, ("kms",), {})


def stopped(moment: str, trail: str = "org") -> Event:
    """Return a call that stops a trail."""
    return Event(trail_call(moment, "StopLogging", {"name": trail}))


def started(moment: str, trail: str = "org") -> Event:
    """Return a call that starts a trail."""
    return Event(trail_call(moment, "StartLogging", {"name": trail}))


def test_a_trail_stopped_and_started_leaves_a_measured_interval(job: Callable[..., Job]) -> None:
    """The hours between are told to the minute with account and trail, and nothing is absent in them."""
    one = job()
    arn = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/org"
    one.deliver(*routine(), stopped("2026-10-05T13:00:00Z", arn), started("2026-10-05T22:30:30Z"))
    ran = one.run()
    [interruption] = ran.assurance.interruptions
    assert (interruption.account, interruption.region, interruption.trail) == (ACCOUNT, REGION, "org")
    assert (interruption.cause, interruption.minutes) == (InterruptionCause.STOPPED, 571)
    assert interruption.cells == dict.fromkeys((S3, "kms", READ, WRITE), 1)
    assert interruption.kinds == ("kms", READ, WRITE, "data")
    assert days_in(ran.cells(WRITE), CellState.UNKNOWN) == [5]
    assert ran.cell(FIFTH).unlogged_minutes == dict.fromkeys((S3, "kms", READ, WRITE), 571)
    assert (ran.query(ROOT).outcome, ran.query(ROOT).cells_examined) == (Outcome.INCONCLUSIVE, 30)
    name = f"{ACCOUNT} {REGION} org 2026-10-05T13:00:00Z..2026-10-05T22:30:30Z"
    facts = {"interruptions": 1, "examples": (name,)}
    assert ran.facts(ROOT, ReasonCode.INTERRUPTED) == facts
    assert facts in [reason.facts for reason in ran.assurance.reasons]
    assert ran.query(STOPPED).outcome is Outcome.EXCEPTIONS  # findings win


def test_another_trail_that_recorded_meanwhile_closes_the_interval(job: Callable[..., Job]) -> None:
    """Events of the account and kind in the interval; of a kind without any, it stays open."""
    one = job()
    between = call("2026-10-05T15:00:00Z"), call("2026-10-05T16:00:00Z", eventName="DescribeInstances", readOnly=True)
    one.deliver(*routine(), stopped("2026-10-05T13:00:00Z"), started("2026-10-05T22:00:00Z"), *map(Event, between))
    ran = one.run()
    assert set(ran.cells(WRITE).values()) == {CellState.RECORDED}
    assert ran.query(ROOT).outcome is Outcome.NO_EXCEPTIONS
    assert days_in(ran.cells("kms"), CellState.UNKNOWN) == [5]
    assert ran.query(KMS).outcome is Outcome.INCONCLUSIVE


def test_the_calls_themselves_show_nothing(job: Callable[..., Job]) -> None:
    """That a trail recorded its own stopping, and its starting, says nothing of the time between."""
    one = job()
    calls = stopped("2026-10-05T13:00:00Z"), stopped("2026-10-05T13:00:00Z", "second"), started("2026-10-05T13:40:00Z")
    one.deliver(*routine(), *calls)
    ran = one.run()
    assert ran.cell(FIFTH).unlogged_minutes[WRITE] == 40  # from then on, the events at 23:00 are of the trail that runs


def test_a_trail_that_is_never_started_again_is_open_to_the_end(job: Callable[..., Job]) -> None:
    """Each day after needs events of its own; those of the first days prove nothing of the last."""
    one = job()
    deleted = Event(trail_call("2026-10-20T10:00:00Z", "DeleteTrail", {"name": "org"}))
    one.deliver(*routine([day for day in DAYS if day.day <= 25]), deleted)
    ran = one.run()
    [interruption] = ran.assurance.interruptions
    assert (interruption.cause, interruption.end) == (InterruptionCause.DELETED, None)
    assert interruption.cells == {S3: 12, "kms": 6, READ: 6, WRITE: 6}
    assert [row["logging_state"] for row in ran.evidence.rows(STOPPED)] == ["open_at_period_end"]
    assert days_in(ran.cells(WRITE), CellState.GAP) == [26, 27, 28, 29, 30, 31]


def test_a_stop_before_the_period_reaches_into_it(job: Callable[..., Job]) -> None:
    """The look-back holds the call; the interval counts from the period's start on."""
    one = job(queries=(ROOT, "credentials.long_term_key_use"))
    one.deliver(*routine(DAYS[1:]), stopped("2026-09-30T22:00:00Z"), started("2026-10-01T06:00:00Z"))
    ran = one.run()
    [interruption] = ran.assurance.interruptions
    assert (interruption.minutes, str(interruption.start)) == (360, "2026-09-30 22:00:00+00:00")
    assert ran.cell(DAYS[0]).unlogged_minutes[WRITE] == 360


@pytest.mark.parametrize(
    ("held", "reaches"), [([], "2026-10-01"), ([30, 29], "2026-09-29"), ([30, 28, 27], "2026-09-30")]
)
def test_a_look_back_reaches_as_far_as_days_are_held(job: Callable[..., Job], held: list[int], reaches: str) -> None:
    """Keys older than that may have been made unseen; a day that is missing ends it, whatever is held before."""
    age = "credentials.long_term_key_use"
    one = job(queries=(age, ROOT))
    calls = [Event(call(f"2026-09-{day}T12:00:00Z", eventName="RunInstances")) for day in held]
    one.deliver(*routine(), *calls)
    ran = one.run()
    assert ran.facts(age, ReasonCode.LOOK_BACK) == {"wanted": "2026-07-03", "reaches": reaches}
    assert ran.query(age).extent is Extent.LOWER_BOUND
    assert ran.facts(ROOT, ReasonCode.LOOK_BACK) is None
    assert ran.evidence.totals.look_back == len(held)


def test_a_trail_first_seen_when_it_starts_was_off_until_then(job: Callable[..., Job]) -> None:
    """Since when, nobody can tell; one that is made in the period takes nothing away."""
    one = job()
    made = Event(trail_call("2026-10-05T09:00:00Z", "CreateTrail", {"name": "new"}))
    one.deliver(
        *routine(DAYS[4:]), made, started("2026-10-05T09:01:00Z", "new"), started("2026-10-05T11:00:00Z", "old")
    )
    ran = one.run()
    [interruption] = ran.assurance.interruptions
    assert (interruption.trail, interruption.cause, interruption.start) == ("old", InterruptionCause.NOT_STARTED, None)
    assert interruption.minutes == (4 * 24 + 11) * 60


def test_a_refused_stop_stops_nothing(job: Callable[..., Job]) -> None:
    """Only calls that succeeded change what is recorded."""
    one = job()
    refused = {**stopped("2026-10-05T13:00:00Z").record, "errorCode": "AccessDenied", "errorMessage": "no"}
    one.deliver(*routine(), Event(refused))
    assert one.run().assurance.interruptions == ()


MEMBER = {"account": OTHER, "folder": "o-abcd/"}


def in_organization(events: list[Event]) -> list[Event]:
    """Return events as the organization's trail delivers them."""
    return [Event(event.record, event.account, event.region, folder="o-abcd/") for event in events]


@pytest.mark.parametrize(("at", "open_days"), [("2026-10-05T15:00:00Z", []), ("2026-10-05T12:30:00Z", [5])])
def test_an_organizations_trail_is_shown_by_the_events_of_its_accounts(
    job: Callable[..., Job], at: str, open_days: list[int]
) -> None:
    """A stop in one account may be that of the organization's trail: events of another account in its folder tell."""
    one = job(queries=(STOPPED,))
    witness = Event(of_other(call(at)), OTHER, folder="o-abcd/")
    calls = [stopped("2026-10-05T13:00:00Z"), started("2026-10-05T16:00:00Z")]
    one.deliver(*in_organization([*routine(), *routine(account=OTHER), *calls]), witness)
    ran = one.run()
    assert days_in(ran.cells(WRITE), CellState.UNKNOWN) == open_days
    assert days_in(ran.cells(WRITE, OTHER), CellState.UNKNOWN) == open_days


def of_other(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of the other account."""
    return {**record, "recipientAccountId": OTHER, "eventID": f"{record['eventID']}-other"}


def test_a_stop_in_an_account_of_its_own_leaves_the_others_alone(job: Callable[..., Job]) -> None:
    """Without an organization's folder, a trail records its own account."""
    one = job()
    one.deliver(*routine(), *routine(account=OTHER), stopped("2026-10-05T13:00:00Z"), started("2026-10-05T16:00:00Z"))
    ran = one.run()
    assert days_in(ran.cells(WRITE), CellState.UNKNOWN) == [5]
    assert days_in(ran.cells(WRITE, OTHER), CellState.UNKNOWN) == []


def test_kms_events_that_never_came_are_unknown(job: Callable[..., Job]) -> None:
    """A trail may leave KMS out since long before: without one KMS event of the account, none is known to be absent."""
    one = job()
    quiet = [event for event in routine() if event.record["eventSource"] != "kms.amazonaws.com"]
    one.deliver(*quiet)
    assert one.run().query(KMS).outcome is Outcome.INCONCLUSIVE
    one.deliver(Event(kms_call("2026-10-05T12:00:00Z")))
    assert one.run(revise=True).query(KMS).outcome is Outcome.NO_EXCEPTIONS


CONDITIONS = (READ, WRITE, "kms", S3, "inventory", "digest", "parameter:leavers")


def test_a_requirement_says_which_conditions_did_not_hold(job: Callable[..., Job]) -> None:
    """Its queries found nothing and say so; it is inconclusive, with what the run was not given in both languages."""
    one = job(conditions=CONDITIONS, sections=("cover", "matrix", "requirements"))
    one.deliver(*routine(), Event(object_read("2026-10-09T12:00:00Z", "cards")))
    ran = one.run(documents=True)
    assert set(ran.requirement.counts) == {Outcome.NO_EXCEPTIONS}
    assert (ran.requirement.outcome, ran.requirement.extent) == (Outcome.INCONCLUSIVE, Extent.LOWER_BOUND)
    assert [unmet.condition for unmet in ran.requirement.unmet] == ["inventory", "digest", "parameter:leavers"]
    english, portuguese = ran.document("en"), ran.document("pt_BR")
    assert "not met: the list of accounts that must be there, the signed digest files, the parameter leavers" in english
    assert "The job does not name the accounts that must be there" in english
    assert "A tarefa não nomeia as contas que devem existir" in portuguese


def test_a_requirement_whose_conditions_hold_is_judged_by_its_queries(job: Callable[..., Job]) -> None:
    """The near miss: the same month with accounts named, and no condition that nobody could meet."""
    one = job(conditions=CONDITIONS[:5], accounts=(ACCOUNT,))
    one.deliver(*routine(), Event(object_read("2026-10-09T12:00:00Z", "cards")))
    said = one.run().requirement
    assert (said.outcome, said.extent, said.unmet) == (Outcome.NO_EXCEPTIONS, Extent.WHOLE, ())


@pytest.mark.parametrize(
    ("condition", "delivered"),
    [
        ("kms", [event for event in routine() if event.record["eventSource"] != "kms.amazonaws.com"]),
        (S3, routine()),
    ],
)
def test_a_condition_may_ask_for_more_than_the_queries_need(
    job: Callable[..., Job], condition: str, delivered: list[Event]
) -> None:
    """A requirement that a query of writes proves may take events of other kinds to be judged."""
    one = job(queries=(STOPPED,), conditions=(condition,))
    one.deliver(*delivered)
    said = one.run().requirement
    assert said.outcome is Outcome.INCONCLUSIVE
    assert [unmet.condition for unmet in said.unmet] == [condition]


def test_findings_win_over_conditions(job: Callable[..., Job]) -> None:
    """A trail that was stopped is an exception, whatever else the run was not given."""
    one = job(queries=(STOPPED,), conditions=("inventory",))
    one.deliver(*routine(), stopped("2026-10-05T13:00:00Z"), started("2026-10-05T13:05:00Z"))
    said = one.run().requirement
    assert (said.outcome, said.findings) == (Outcome.EXCEPTIONS, 1)
    assert [unmet.condition for unmet in said.unmet] == ["inventory"]
