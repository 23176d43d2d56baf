"""What a sample contains, for whoever judges the answers given about it."""

from dataclasses import dataclass
from datetime import datetime

from comprova.sample.callers import JsonObject


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages of the reports.

    Attributes:
        en: English.
        pt: Brazilian Portuguese.
    """

    en: str
    pt: str

    def as_json(self) -> JsonObject:
        """Return the words by locale."""
        return {"en": self.en, "pt_BR": self.pt}


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Records that look like an incident and are none.

    Attributes:
        reason: Why they are none: refused, a dry run, reversed at once, within bounds.
        events: Their event ids.
    """

    reason: Text
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """Something planted that a report of its month should show.

    Attributes:
        id: Short name; the same in every month in which it is planted.
        month: The month, as `2026-10`.
        title: What happened.
        questions: The questions that should find it, by the names of queries without their pack.
        events: Event ids of the records that show it, in order of time.
        near_misses: What a hasty question would take for it.
    """

    id: str
    month: str
    title: Text
    questions: tuple[str, ...]
    events: tuple[str, ...]
    near_misses: tuple[NearMiss, ...]

    def as_json(self) -> JsonObject:
        """Return the incident as `truth.json` has it."""
        return {
            "id": self.id,
            "month": self.month,
            "title": self.title.as_json(),
            "questions": list(self.questions),
            "events": list(self.events),
            "near_misses": [
                {"reason": miss.reason.as_json(), "events": list(miss.events)} for miss in self.near_misses
            ],
        }


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """What was written.

    Attributes:
        events: Distinct records.
        copies: Records delivered a second time; files hold `events + copies` records.
        files: Log files.
        late_files: Log files delivered a day late.
        accounts: Account numbers.
        regions: Region names.
        first_time: Time of the first event, in UTC.
        last_time: Time of the last event, in UTC.
        incidents: What was planted, in order of months.
    """

    events: int
    copies: int
    files: int
    late_files: int
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    first_time: datetime
    last_time: datetime
    incidents: tuple[Incident, ...]
