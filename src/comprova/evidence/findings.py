"""`findings.json`: each finding by name, what the month before said of it, and which acceptances cover it."""

from datetime import date
from enum import StrEnum
from typing import Literal

from comprova.evidence.model import FORMAT, Fact
from comprova.evidence.subject import Subject


class Recurrence(StrEnum):
    """What can be said of a finding beside the evidence of the period before."""

    NEW = "new"
    """It was not there, and would have been found."""
    RECURRING = "recurring"
    """It was there too."""
    UNTOLD = "untold"
    """It is not known to have been there, and it cannot be told that it was not."""
    GONE = "gone"
    """It was there, and is not: it would have been found. What its calls changed may still be in place."""
    NOT_SEEN = "not-seen"
    """It was there and was not seen again, and it cannot be told that it is gone."""


class Obstacle(StrEnum):
    """Why the answers of two periods to one query cannot be compared."""

    NO_EARLIER = "no-earlier"
    """There is no evidence of the period before."""
    DAMAGED = "damaged"
    """There is, and it does not verify."""
    OTHER_SCOPE = "other-scope"
    """One of them looked at accounts, regions or time that the other did not look at."""
    NOT_ASKED = "not-asked"
    """One of them did not ask the query."""
    OTHER_SUBJECT = "other-subject"
    """The versions of the query name findings by other columns."""
    OTHER_VERSION = "other-version"
    """The query, or a view that it reads, had another version."""
    OTHER_PARAMETERS = "other-parameters"
    """Parameters had other values."""
    NOT_WHOLE = "not-whole"
    """The one that would have to claim absence has no result, or its extent is a lower bound."""


class EarlierState(StrEnum):
    """What came of looking for the evidence of the period before."""

    COMPARED = "compared"
    NONE = "none"
    DAMAGED = "damaged"


class Earlier(Fact):
    """The evidence of the period before that findings were compared with.

    Attributes:
        period: The label looked for, in the run's own output folder.
        state: What came of it.
        revision: The newest sealed one; None where there is none.
        seal: SHA-256 of its manifest; empty where there is none.
        fault: What does not verify, where it is damaged.
    """

    period: str
    state: EarlierState
    revision: int | None = None
    seal: str = ""
    fault: str = ""


class Finding(Fact):
    """Rows of an exception query that share its subject.

    Attributes:
        id: By which people name it; the same in every period.
        query, version: Whose rows they are.
        subject: The values that they share, by column.
        rows: How many there are.
        recurrence: `new`, `recurring` or `untold`.
        acceptances: Ids of the valid acceptances that cover it; with any, its rows are accepted.
        expired: Ids of those that would cover it, had they not expired.
    """

    id: str
    query: str
    version: int
    subject: Subject
    rows: int
    recurrence: Literal[Recurrence.NEW, Recurrence.RECURRING, Recurrence.UNTOLD]
    acceptances: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()


class EarlierFinding(Fact):
    """A finding of the period before that this one does not have.

    Attributes:
        id, query, version, subject, rows: As the earlier evidence says.
        recurrence: `gone` or `not-seen`.
    """

    id: str
    query: str
    version: int
    subject: Subject
    rows: int
    recurrence: Literal[Recurrence.GONE, Recurrence.NOT_SEEN]


class Comparison(Fact):
    """What stands in the way of saying "new" or "gone" of a query's findings; None where nothing does."""

    query: str
    new: Obstacle | None
    gone: Obstacle | None


class AcceptanceState(StrEnum):
    """What an acceptance did in a period."""

    VALID = "valid"
    """It covers a finding."""
    EXPIRED = "expired"
    """It names a finding, and had expired at the end of the period."""
    UNMATCHED = "unmatched"
    """No finding has its values."""
    NOT_EXAMINED = "not-examined"
    """Its query has no result, or was not asked."""


class AcceptanceUse(Fact):
    """An acceptance that was in force for the job, as its file says, and what it did.

    Attributes:
        id, query, subject, reason, approver, preparer, ticket, approved_on, expires_on: As the file says.
        finding: Name of the finding with these values, whether there is one or not.
        state: What it did.
        rows: That it names.
    """

    id: str
    query: str
    subject: Subject
    reason: str
    approver: str
    preparer: str
    ticket: str
    approved_on: date
    expires_on: date
    finding: str
    state: AcceptanceState
    rows: int


class FindingsReport(Fact):
    """The whole file.

    Attributes:
        earlier: What findings were compared with.
        findings: By query, in the order of their first rows.
        absent: Findings of the period before that are not there now.
        comparisons: By query, of every exception query asked now or then.
        acceptances: In the order of their file; those that match nothing too.
    """

    format: Literal[1] = FORMAT
    earlier: Earlier
    findings: tuple[Finding, ...]
    absent: tuple[EarlierFinding, ...]
    comparisons: tuple[Comparison, ...]
    acceptances: tuple[AcceptanceUse, ...]
