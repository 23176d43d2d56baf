"""How an incident is written down: what shows it, and what only looks like it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from comprova.sample import company
from comprova.sample.callers import Caller, JsonObject, sso_person
from comprova.sample.company import Account, Person
from comprova.sample.facts import Incident, NearMiss, Text
from comprova.sample.ids import Chance
from comprova.sample.records import Call, api_call
from comprova.sample.rhythm import Month, at

REFUSED = Text("The call was refused.", "A chamada foi negada.")
BY_ORGANIZATION = "with an explicit deny in a service control policy"


class Scene:
    """Collects the records of one incident in one month.

    Attributes:
        chance: Draws what the script leaves open.
        month: When it plays.
        shown: The records that show the incident.
        missed: The near misses: why they are none, and their records.
    """

    def __init__(self, chance: Chance, month: Month) -> None:
        self.chance = chance
        self.month = month
        self.shown: list[JsonObject] = []
        self.missed: list[tuple[Text, list[JsonObject]]] = []

    def when(self, business_day: int, hour: int, minute: int) -> datetime:
        """Return a local time of the n-th business day, in UTC."""
        return at(self.month.business_day(business_day), hour, minute, self.chance.randrange(60))

    def person(self, person: Person, account: Account, moment: datetime, *, at_home: bool = False) -> Caller:
        """Return a person in the console, signed in for twenty minutes."""
        address = person.home if at_home else company.OFFICE_ADDRESS
        return sso_person(person, account, moment - timedelta(minutes=20), address=address)

    def show(self, caller: Caller, moment: datetime, *calls: Call) -> None:
        """Add calls, some seconds apart, that show the incident."""
        self.add(*self._records(caller, moment, calls))

    def miss(self, reason: Text, caller: Caller, moment: datetime, *calls: Call) -> None:
        """Add calls, some seconds apart, that only look like the incident."""
        self.missed.append((reason, self._records(caller, moment, calls)))

    def add(self, *records: JsonObject) -> None:
        """Add records that show the incident."""
        self.shown.extend(records)

    def _records(self, caller: Caller, moment: datetime, calls: tuple[Call, ...]) -> list[JsonObject]:
        return [
            api_call(self.chance, caller, moment + timedelta(seconds=7 * number), call)
            for number, call in enumerate(calls)
        ]


@dataclass(frozen=True, slots=True)
class Script:
    """One incident that can be planted in any month.

    Attributes:
        id: Its short name.
        title: What happens.
        questions: The questions that should find it.
        play: Writes its records into a scene; a month without the right day leaves the scene empty.
    """

    id: str
    title: Text
    questions: tuple[str, ...]
    play: Callable[[Scene], None]

    def incident(self, scene: Scene) -> Incident:
        """Return what a played scene plants."""
        return Incident(
            id=self.id,
            month=scene.month.label,
            title=self.title,
            questions=self.questions,
            events=_ids(scene.shown),
            near_misses=tuple(NearMiss(reason, _ids(records)) for reason, records in scene.missed),
        )


def _ids(records: list[JsonObject]) -> tuple[str, ...]:
    return tuple(str(record["eventID"]) for record in sorted(records, key=lambda record: str(record["eventTime"])))
