"""Whether CloudTrail can log an event source, an event and a member: by the API models and by `aws_names.toml`."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from comprova.catalog.api_models import ApiModels
from comprova.catalog.aws_names import ANY, AwsNames, EventSourceEntry, JsonColumn, MemberEntry, Spelling
from comprova.catalog.logged_members import ELEMENT, LoggedMembers, UnknownStep

_DATE_SUFFIX = re.compile(r"_?20[0-9]{2}_?[01][0-9]_?[0-3][0-9](?:v[0-9]+)?\Z")  # as in activity.sql
_CLOSE = 0.75


def base_name(event_name: str) -> str:
    """Return an event name without a date at its end, as the column `event_base_name` has it."""
    return _DATE_SUFFIX.sub("", event_name)


class KnownNames:
    """All names that a query may use. It remembers what it was asked, because queries ask for the same again and again.

    Attributes:
        models: The API models.
        names: What is logged beside them.
    """

    def __init__(self, models: ApiModels, names: AwsNames) -> None:
        self.models = models
        self.names = names
        self._found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    def has_event_source(self, event_source: str) -> bool:
        """Tell whether events can come from an event source."""
        return bool(self.services(event_source)) or event_source in self._own_event_sources

    def services(self, event_source: str) -> tuple[str, ...]:
        """Return the services of botocore whose operations an event source logs."""
        entry = self._entry(event_source)
        if entry is not None:
            return entry.models
        if any(wrong.name == event_source for wrong in self.names.not_event_source):
            return ()
        return self.models.services_of(event_source)

    def likely_event_sources(self, event_source: str) -> tuple[str, ...]:
        """Return what an unknown event source was probably meant to be."""
        name = event_source.lower().removesuffix(".amazonaws.com")
        wrong = [entry.instead for entry in self.names.not_event_source if entry.name == f"{name}.amazonaws.com"]
        if wrong:
            return tuple(wrong)
        listed = [entry.name for entry in self.names.event_source if name in entry.models]
        modelled = self.models.event_source_of(name)
        if listed or modelled:
            return tuple(listed or [modelled or ""])
        known = {*self.models.event_sources, *self._own_event_sources}
        return tuple(get_close_matches(f"{name}.amazonaws.com", sorted(known), n=1, cutoff=_CLOSE))

    def has_event(self, event_source: str, name: str) -> bool:
        """Tell whether an event source logs an event of a base name."""
        if any(entry.event_source == event_source and name in entry.names for entry in self.names.event):
            return True
        return bool(self._operations(event_source, name))

    def events(self, event_source: str) -> Iterator[str]:
        """Yield the base names of all events of an event source."""
        for entry in self.names.event:
            if entry.event_source == event_source:
                yield from entry.names
        for logged in self.names.logged_as:
            if logged.event_source == event_source:
                yield logged.name
        for service in self.services(event_source):
            for operation in self.models.service(service).operations:
                if self.instead_of(event_source, operation) is None:
                    yield operation

    def dated_name(self, event_source: str, name: str) -> str | None:
        """Return how an event is logged whose name ends in a date, from its base name; None for all others."""
        for service, operation in self._operations(event_source, name):
            return self.models.service(service).dated_name(operation)
        return None

    def instead_of(self, event_source: str, name: str) -> str | None:
        """Return what to ask for instead of a name that is never logged, where that is known."""
        logged = [entry for entry in self.names.logged_as if entry.event_source == event_source]
        if names := [repr(entry.name) for entry in logged if entry.operation == name]:
            return f"AWS logs it as {' or '.join(names)}."
        for never in self.names.never_logged:
            if (never.event_source, never.name) == (event_source, name):
                return never.instead
        return None

    def likely_events(self, event_source: str, name: str) -> tuple[str, ...]:
        """Return what an unknown event was probably meant to be: an event of the same event source."""
        known = sorted({*self.events(event_source)})
        same = [event for event in known if event.lower() == name.lower()]
        return tuple(same or get_close_matches(name, known, n=2, cutoff=_CLOSE))

    def event_sources_with(self, name: str) -> Iterator[str]:
        """Yield the event sources that log an event of a base name; may read every API model."""
        for entry in self.names.event:
            if name in entry.names:
                yield entry.event_source
        for logged in self.names.logged_as:
            if logged.name == name:
                yield logged.event_source
        for service in self.models.services_with(name):
            listed = [entry.name for entry in self.names.event_source if service in entry.models]
            derived = self.models.event_source_of(service)
            for event_source in listed or ([derived] if derived else []):
                if self.has_event(event_source, name):
                    yield event_source

    def unknown_step(self, event_source: str, name: str, column: JsonColumn, path: Sequence[str]) -> UnknownStep | None:
        """Return the first step of a path into a JSON column that an event cannot have.

        Args:
            event_source: Of the event, which is known.
            name: The event's base name.
            column: Where the path starts.
            path: Keys, and `[]` for an element of a list.

        Returns:
            None where the event can have the path, or where nothing is known of the event's members.
        """
        entries = self._members(event_source, name, column)
        listed = [path.split(".") for entry in entries for path in entry.paths]
        keys = [step for step in path if step != ELEMENT]
        if any(_leads_to(known, keys) for known in listed):
            return None
        operations = self._operations(event_source, name)
        if not operations or column not in ("request", "response"):
            is_told = any(entry.event_source == event_source for entry in entries)
            return UnknownStep(list(path).index(keys[0]), _first_steps(listed)) if is_told and keys else None
        spelling = self._spelling(event_source)
        furthest = UnknownStep(-1, ())
        for service, operation in operations:
            members = LoggedMembers(self.models.service(service), operation, spelling)
            unknown = members.unknown_step("request" if column == "request" else "response", path)
            if unknown is None:
                return None
            furthest = max(furthest, unknown, key=lambda step: step.position)
        if furthest.position == 0:
            return UnknownStep(0, (*furthest.known, *_first_steps(listed)))
        return furthest

    def _members(self, event_source: str, name: str, column: JsonColumn) -> list[MemberEntry]:
        return [
            entry
            for entry in self.names.member
            if entry.column == column
            and entry.event_source in (ANY, event_source)
            and not {name, ANY}.isdisjoint(entry.events)
        ]

    def _operations(self, event_source: str, name: str) -> tuple[tuple[str, str], ...]:
        """Return every service and operation that an event of this base name can log."""
        event = (event_source, name)
        if event not in self._found:
            logged_as = self.names.logged_as
            candidates = [entry.operation for entry in logged_as if (entry.event_source, entry.name) == event]
            if self.instead_of(event_source, name) is None:
                candidates.append(name)
            self._found[event] = tuple(
                (service, operation)
                for service in self.services(event_source)
                for operation in candidates
                if operation in self.models.service(service).operations
            )
        return self._found[event]

    def _entry(self, event_source: str) -> EventSourceEntry | None:
        return next((entry for entry in self.names.event_source if entry.name == event_source), None)

    def _spelling(self, event_source: str) -> Spelling:
        entry = self._entry(event_source)
        return entry.spelling if entry else Spelling.LOWER_FIRST

    @property
    def _own_event_sources(self) -> frozenset[str]:
        return frozenset(
            [entry.name for entry in self.names.event_source] + [entry.event_source for entry in self.names.event]
        )


def _first_steps(paths: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path[0] for path in paths))


def _leads_to(known: Sequence[str], keys: Sequence[str]) -> bool:
    """Tell whether a path stands in the list: as it is, as a part, or beneath a `*`."""
    if known[-1] == ANY:
        fixed = known[:-1]
        return list(keys[: len(fixed)]) == list(fixed[: len(keys)])
    return list(keys) == list(known[: len(keys)])
