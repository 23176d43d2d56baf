"""`queries/aws_names.toml`: what CloudTrail logs under names that the API models do not have, each with its source."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from comprova.catalog.text import Line
from comprova.catalog.toml_reader import Block, read_toml
from comprova.content import ContentRoot
from comprova.errors import ContentError, Problem

FILE = "aws_names.toml"
ANY = "*"


class Spelling(StrEnum):
    """How CloudTrail writes the member names of an API model."""

    LOWER_FIRST = "lower first"
    """With the first letter small: `DBInstanceIdentifier` → `dBInstanceIdentifier`. Nearly all services."""
    AS_MODELLED = "as modelled"
    """As the model has them, or as above."""
    AS_SENT = "as sent"
    """As they stand in the XML, the headers and the query string of the HTTP request: S3."""


EventSource = Annotated[str, Field(pattern=r"^[a-z0-9-]+\.amazonaws\.com$")]
EventName = Annotated[str, Field(pattern=r"^[A-Za-z0-9:_.]+$")]
Path = Annotated[str, Field(pattern=r"^[^\s$\[\]]+$")]
Source = Annotated[str, Field(pattern=r"^(https://\S+|seen in CloudTrail records: .+)$")]
JsonColumn = Literal["request", "response", "additional", "service_details"]


class EventSourceEntry(Block):
    """An event source that is not simply the name by which one service signs its calls.

    Attributes:
        name: The event source.
        models: The services of botocore whose operations it logs; none where it has no public API.
        spelling: How it writes member names.
        source: Where this is documented, or the records in which it was seen.
    """

    name: EventSource
    models: tuple[Line, ...]
    spelling: Annotated[Spelling, Field(strict=False)] = Spelling.LOWER_FIRST
    source: Source


class NotEventSourceEntry(Block):
    """A name that the API models suggest as an event source and that CloudTrail does not use.

    Attributes:
        name: Such as `cloudwatch.amazonaws.com`.
        instead: The event source to ask for.
        source: Where this is documented.
    """

    name: EventSource
    instead: EventSource
    source: Source


class EventEntry(Block):
    """Events that are no operation of a public API: sign-ins, and what services do by themselves.

    Attributes:
        event_source: Where they are logged.
        names: As logged.
        source: Where this is documented, or the records in which it was seen.
    """

    event_source: EventSource
    names: Annotated[tuple[EventName, ...], Field(min_length=1)]
    source: Source


class LoggedAsEntry(Block):
    """An operation that is logged under another name than its own.

    Attributes:
        event_source: Where it is logged.
        operation: Its name in the API model.
        name: The event name in the log.
        source: Where this is documented, or the records in which it was seen.
    """

    event_source: EventSource
    operation: EventName
    name: EventName
    source: Source


class NeverLoggedEntry(Block):
    """A name that looks like an event and is none.

    Attributes:
        event_source: Where one would look for it.
        name: Such as `PassRole`, a permission in IAM.
        instead: What to ask for.
        source: Where this is documented.
    """

    event_source: EventSource
    name: EventName
    instead: Line
    source: Source


class MemberEntry(Block):
    """Members that the API model does not have, or not in this spelling.

    Attributes:
        event_source: Whose events have them; `*` for all.
        events: Base names of the events; `*` for all of the event source.
        column: Where they stand.
        paths: Steps joined by dots, without the positions of lists; a last step `*` stands for anything beneath.
        source: Where this is documented, or the records in which it was seen.
    """

    event_source: EventSource | Literal["*"]
    events: Annotated[tuple[EventName | Literal["*"], ...], Field(min_length=1)]
    column: JsonColumn
    paths: Annotated[tuple[Path, ...], Field(min_length=1)]
    source: Source


class AwsNames(Block):
    """The whole of `aws_names.toml`."""

    event_source: tuple[EventSourceEntry, ...] = ()
    not_event_source: tuple[NotEventSourceEntry, ...] = ()
    event: tuple[EventEntry, ...] = ()
    logged_as: tuple[LoggedAsEntry, ...] = ()
    never_logged: tuple[NeverLoggedEntry, ...] = ()
    member: tuple[MemberEntry, ...] = ()

    @model_validator(mode="after")
    def _sources_once(self) -> Self:
        names = [entry.name for entry in self.event_source]
        if doubled := sorted({name for name in names if names.count(name) > 1}):
            message = f"each event source once, and {', '.join(doubled)} stands more often"
            raise ValueError(message)
        return self

    def __add__(self, other: "AwsNames") -> "AwsNames":
        return AwsNames(
            event_source=self.event_source + other.event_source,
            not_event_source=self.not_event_source + other.not_event_source,
            event=self.event + other.event,
            logged_as=self.logged_as + other.logged_as,
            never_logged=self.never_logged + other.never_logged,
            member=self.member + other.member,
        )


def read_aws_names(roots: Sequence[ContentRoot]) -> AwsNames:
    """Read `aws_names.toml` of the built-in root and of the user's projects, which may only add to it.

    Raises:
        ContentError: With every problem of these files.
    """
    names = AwsNames()
    problems: list[Problem] = []
    for root in roots:
        path = root.folder("queries") / FILE
        if not path.is_file():
            continue
        found = read_toml(path.read_text(encoding="utf-8"), AwsNames, root.relative(path))
        if isinstance(found, list):
            problems += found
        elif again := {entry.name for entry in names.event_source} & {entry.name for entry in found.event_source}:
            where, shown = root.relative(path), ", ".join(sorted(again))
            problems.append(Problem(where, "event sources that comprova's own file does not have", shown))
        else:
            names += found
    if problems:
        raise ContentError(problems)
    return names
