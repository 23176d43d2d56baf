"""How an incident is written down: what shows it, which rows it should have, and what only looks like it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from comprova.sample import company
from comprova.sample.callers import Caller, JsonObject, sso_person
from comprova.sample.company import Account, Person, Region
from comprova.sample.facts import Explained, Gap, Incident, NearMiss, Row, Text
from comprova.sample.ids import Chance
from comprova.sample.incidents.requirements import Requirements
from comprova.sample.records import Call, api_call
from comprova.sample.rhythm import Month, at
from comprova.sample.writer import LogFile

REFUSED = Text("The call was refused.", "A chamada foi negada.")
BY_ORGANIZATION = "with an explicit deny in a service control policy"

_APART = timedelta(seconds=7)
"""Between the calls of one step."""


@dataclass(slots=True)
class Near:
    """Records that only look like an incident.

    Attributes:
        reason: Why they are none.
        records: They.
        rows: Rows that they have all the same.
    """

    reason: Text
    records: list[JsonObject]
    rows: list[Row]


@dataclass(slots=True)
class Scene:
    """Collects the records of one incident in one month.

    Attributes:
        chance: Draws what the script leaves open.
        month: When it plays.
        shown: The records that show the incident.
        rows: The rows that it should have.
        missed: The near misses.
        files: Log files of their own, whose records are not delivered with the others of their hour.
        lost: Accounts and days of which nothing is delivered.
        doubled: Accounts, regions and days of which a second trail delivers everything too.
    """

    chance: Chance
    month: Month
    shown: list[JsonObject] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    missed: list[Near] = field(default_factory=list)
    files: list[LogFile] = field(default_factory=list)
    lost: list[tuple[Account, date]] = field(default_factory=list)
    doubled: list[tuple[Account, Region, date]] = field(default_factory=list)

    def when(self, business_day: int, hour: int, minute: int) -> datetime:
        """Return a local time of the n-th business day, in UTC."""
        return at(self.month.business_day(business_day), hour, minute, self.chance.randrange(60))

    def person(self, person: Person, account: Account, moment: datetime, *, at_home: bool = False) -> Caller:
        """Return a person in the console, signed in for twenty minutes."""
        address = person.home if at_home else company.OFFICE_ADDRESS
        return sso_person(person, account, moment - timedelta(minutes=20), address=address)

    def show(
        self,
        caller: Caller,
        moment: datetime,
        *calls: Call,
        finds: tuple[str, ...] = (),
        first: tuple[str, ...] = (),
        last: tuple[str, ...] = (),
    ) -> None:
        """Add calls, some seconds apart, that show the incident.

        Args:
            caller: Who calls.
            moment: When the first call is made, in UTC.
            calls: What is called.
            finds: Exception queries that should have a row for each of the calls.
            first: Those that should have one row for all of them, named by the first.
            last: Those that should have one row for all of them, named by the last.
        """
        records = self.calls(caller, moment, *calls)
        self.add(*records, finds=finds)
        self.find(records[0], *first)
        self.find(records[-1], *last)

    def add(self, *records: JsonObject, finds: tuple[str, ...] = ()) -> None:
        """Add records that show the incident, and say which exception queries should have a row for each."""
        self.shown.extend(records)
        for record in records:
            self.find(record, *finds)

    def find(self, record: JsonObject, *queries: str) -> None:
        """Say which exception queries should have a row that a record names."""
        self.rows.extend(_rows([record], queries))

    def miss(self, reason: Text, caller: Caller, moment: datetime, *calls: Call, finds: tuple[str, ...] = ()) -> None:
        """Add calls, some seconds apart, that only look like the incident.

        Args:
            reason: Why they are none.
            caller: Who calls.
            moment: When the first call is made, in UTC.
            calls: What is called.
            finds: Exception queries that should have a row for each all the same, because they ask for something else.
        """
        self.pass_by(reason, *self.calls(caller, moment, *calls), finds=finds)

    def pass_by(self, reason: Text, *records: JsonObject, finds: tuple[str, ...] = ()) -> None:
        """Add records that only look like the incident."""
        self.missed.append(Near(reason, list(records), _rows(records, finds)))

    def calls(self, caller: Caller, moment: datetime, *calls: Call) -> list[JsonObject]:
        """Return the records of calls some seconds apart."""
        return [api_call(self.chance, caller, moment + number * _APART, call) for number, call in enumerate(calls)]


@dataclass(frozen=True, slots=True)
class Script:
    """Something that can be planted in any month.

    Attributes:
        id: Its short name.
        title: What it is, in one line.
        story: What happens.
        requirements: Where it should be a finding.
        play: Writes its records into a scene; a month without the right day leaves the scene empty.
        listed_in: Queries that only list, and should list it.
    """

    id: str
    title: Text
    story: Text
    requirements: Requirements
    play: Callable[[Scene], None]
    listed_in: tuple[str, ...] = ()

    def incident(self, scene: Scene) -> Incident:
        """Return what a played scene plants."""
        return Incident(
            id=self.id,
            month=scene.month.label,
            title=self.title,
            story=self.story,
            requirements=self.requirements,
            events=_ids(scene.shown),
            rows=tuple(scene.rows),
            listed_in=self.listed_in,
            gaps=tuple(Gap(account, day) for account, day in scene.lost),
            near_misses=tuple(NearMiss(near.reason, _ids(near.records), tuple(near.rows)) for near in scene.missed),
        )


@dataclass(frozen=True, slots=True)
class Habit:
    """Something ordinary that exception queries show.

    Attributes:
        id: Its short name.
        reason: Why it is no incident.
        play: Writes its records into a scene.
    """

    id: str
    reason: Text
    play: Callable[[Scene], None]

    def explained(self, scene: Scene) -> Explained:
        """Return what a played scene explains."""
        return Explained(self.id, scene.month.label, self.reason, _ids(scene.shown), tuple(scene.rows))


def _rows(records: Iterable[JsonObject], queries: Iterable[str]) -> list[Row]:
    names = tuple(queries)
    return [Row(query, str(record["eventID"])) for record in records for query in names]


def _ids(records: list[JsonObject]) -> tuple[str, ...]:
    ordered = sorted(records, key=lambda record: str(record["eventTime"]))
    return tuple(dict.fromkeys(str(record["eventID"]) for record in ordered))
