"""What a sample contains, for whoever judges the answers given about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

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
class Row:
    """A row that an exception query should have; the same again for a query that should have two of them.

    Attributes:
        query: Id of the query, as `identity.root_activity`.
        anchor: What names the row: the id of its event, the first one where it stands for several, or its log file; for
            a query that shows none of them, the values of its subject with spaces between.
    """

    query: str
    anchor: str

    def as_json(self) -> JsonObject:
        """Return the row as `truth.json` has it."""
        return {"query": self.query, "anchor": self.anchor}


@dataclass(frozen=True, slots=True)
class Gap:
    """A day on which nothing of an account was delivered.

    Attributes:
        account: Its number.
        day: In the company's time zone.
    """

    account: str
    day: date

    def as_json(self) -> JsonObject:
        """Return the gap as `truth.json` has it."""
        return {"account": self.account, "day": self.day.isoformat()}


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Records that look like an incident and are none.

    Attributes:
        reason: Why they are none: refused, a dry run, reversed at once, within bounds.
        events: Their event ids.
        rows: Rows that they have all the same, of queries that ask for something else.
    """

    reason: Text
    events: tuple[str, ...]
    rows: tuple[Row, ...]

    def as_json(self) -> JsonObject:
        """Return the near miss as `truth.json` has it."""
        return {
            "reason": self.reason.as_json(),
            "events": list(self.events),
            "rows": [row.as_json() for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Incident:
    """Something planted that a report of its month should show.

    Attributes:
        id: Short name; the same in every month in which it is planted.
        month: The month, as `2026-10`.
        title: What it is, in one line.
        story: What happened.
        requirements: Where it should be a finding: requirement ids by edition.
        events: Event ids of the records that show it, in order of time.
        rows: The rows that it should have; none where no exception query asks for it.
        listed_in: Queries that only list, and should list one of its events.
        gaps: Days on which nothing was delivered because of it.
        near_misses: What a hasty question would take for it.
    """

    id: str
    month: str
    title: Text
    story: Text
    requirements: Mapping[str, tuple[str, ...]]
    events: tuple[str, ...]
    rows: tuple[Row, ...]
    listed_in: tuple[str, ...]
    gaps: tuple[Gap, ...]
    near_misses: tuple[NearMiss, ...]

    def as_json(self) -> JsonObject:
        """Return the incident as `truth.json` has it."""
        return {
            "id": self.id,
            "month": self.month,
            "title": self.title.as_json(),
            "story": self.story.as_json(),
            "requirements": {edition: list(ids) for edition, ids in self.requirements.items()},
            "events": list(self.events),
            "rows": [row.as_json() for row in self.rows],
            "listed_in": list(self.listed_in),
            "gaps": [gap.as_json() for gap in self.gaps],
            "near_misses": [miss.as_json() for miss in self.near_misses],
        }


@dataclass(frozen=True, slots=True)
class Explained:
    """Something ordinary that exception queries rightly show: a reviewer reads it, and it has its reason.

    Attributes:
        id: Short name; the same in every month in which it happens.
        month: The month, as `2026-10`.
        reason: Why it is no incident.
        events: Event ids of its records, in order of time.
        rows: The rows that it should have.
    """

    id: str
    month: str
    reason: Text
    events: tuple[str, ...]
    rows: tuple[Row, ...]

    def as_json(self) -> JsonObject:
        """Return it as `truth.json` has it."""
        return {
            "id": self.id,
            "month": self.month,
            "reason": self.reason.as_json(),
            "events": list(self.events),
            "rows": [row.as_json() for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """How much was written of a month.

    Attributes:
        month: The month, as `2026-10`.
        events: Distinct records.
        copies: Records delivered a second time.
    """

    month: str
    events: int
    copies: int

    def as_json(self) -> JsonObject:
        """Return the counts as `truth.json` has them."""
        return {"month": self.month, "events": self.events, "copies": self.copies}


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """What was written.

    Attributes:
        events: Distinct records.
        copies: Records delivered a second time; files hold `events + copies` records.
        files: Log files.
        late_files: Log files delivered a day late or more.
        months: The same by month, oldest first.
        accounts: Account numbers.
        regions: Region names.
        first_time: Time of the first event, in UTC.
        last_time: Time of the last event, in UTC.
        incidents: What was planted, in order of months.
        explained: What exception queries show besides, in order of months.
    """

    events: int
    copies: int
    files: int
    late_files: int
    months: tuple[MonthFacts, ...]
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    first_time: datetime
    last_time: datetime
    incidents: tuple[Incident, ...]
    explained: tuple[Explained, ...]
