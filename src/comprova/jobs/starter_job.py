"""Writes the first job of a project: every parameter with its meaning, and what the project's logs hold beside it.

A line that begins with `#` and anything but a space is a setting that the user puts in force by taking the `#` away.
Values from logs stand in such lines only, as TOML texts: none can end its line, or stand for another key.
"""

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from comprova.catalog.catalog import Catalog
from comprova.catalog.parameters import Parameter
from comprova.catalog.text import Language, Text
from comprova.catalog.toml_writer import Written, toml
from comprova.collect.scope_values import ScopeValue, ScopeValues, Topic
from comprova.jobs import starter_texts as say
from comprova.jobs.survey import Survey
from comprova.period import zone

_WIDTH = 118
_ACCOUNT = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]")
_ARN = re.compile(r"arn:.+", re.DOTALL)
_ANY = re.compile(r".*", re.DOTALL)
_MOST_NAMED = 4
_MOST_OF_HOURS = 0.95
_LEAST_OF_DAYS = 0.02
_HOURS = 24


@dataclass(frozen=True, slots=True)
class _Shown:
    """Which values of logs are suggested for a parameter.

    Attributes:
        topics: Whose values, in this order.
        form: That a value must have.
    """

    topics: tuple[Topic, ...]
    form: re.Pattern[str] = _ANY


_SUGGESTED: Mapping[str, _Shown] = {
    "approved_identity_providers": _Shown((Topic.IDENTITY_PROVIDER,), _ARN),
    "approved_regions": _Shown((Topic.REGION,), _REGION),
    "approved_secret_readers": _Shown((Topic.SECRET_READER,)),
    "audit_log_buckets": _Shown((Topic.LOG_BUCKET,)),
    "break_glass_principals": _Shown((Topic.BREAK_GLASS,)),
    "expected_accounts": _Shown((Topic.ACCOUNT,), _ACCOUNT),
    "expected_regions": _Shown((Topic.REGION,), _REGION),
    "known_networks": _Shown((Topic.NETWORK,)),
    "privileged_principals": _Shown((Topic.ADMINISTRATOR,)),
    "production_accounts": _Shown((Topic.ACCOUNT,), _ACCOUNT),
    "sensitive_buckets": _Shown((Topic.BUCKET,)),
    "sensitive_keys": _Shown((Topic.KEY,)),
    "sensitive_resources": _Shown((Topic.SECRET,), _ARN),
    "sensitive_tables": _Shown((Topic.TABLE,)),
    "trusted_accounts": _Shown((Topic.OTHER_ACCOUNT, Topic.ACCOUNT), _ACCOUNT),
}


@dataclass(frozen=True, slots=True)
class NewJob:
    """What the user says of a new job.

    Attributes:
        id: Of the job: `acme.monthly`.
        language: Of comments, and the first of documents.
        time_zone: In which its periods are cut.
        logs: The folder of logs, as the job is to name it.
    """

    id: str
    language: Language
    time_zone: str
    logs: str


def job_text(new: NewJob, catalog: Catalog, survey: Survey) -> str:
    """Return the text of the job file."""
    return "\n".join(_lines(_Writer(new.language, zone(new.time_zone)), new, catalog, survey)) + "\n"


def _texts(key: str, text: Text) -> Iterator[str]:
    return (f"{key}.{language} = {toml(said)}" for language, said in text.said.items())


def _lines(writer: "_Writer", new: NewJob, catalog: Catalog, survey: Survey) -> Iterator[str]:
    months = sorted(value.text for value in survey.of(Topic.MONTH).values)
    yield from writer.prose(say.HEAD, id=new.id, period=months[-1] if months else "2026-10")
    if survey.files:
        yield "#"
        yield from writer.prose(say.FOUND_IN, files=survey.files, first=_first(months), last=_first(months[::-1]))
    yield f"\nid = {toml(new.id)}"
    yield from _texts("title", say.TITLE)
    yield from writer.prose(say.ORGANISATION)
    yield f"organisation = {toml(say.NOT_NAMED.of(new.language))}"
    yield 'report = "monthly"\n'
    yield from writer.prose(say.FRAMEWORKS)
    for key, edition in sorted(catalog.frameworks.items()):
        yield from writer.prose(say.EDITION, key=key, title=edition.title.of(new.language))
    yield f"frameworks = {toml(tuple(sorted({edition.id for edition in catalog.frameworks.values()})))}\n"
    others = [language for language in say.TITLE.languages if language != new.language]
    yield f"languages = {toml(tuple(map(str, (new.language, *others))))}"
    yield from writer.prose(say.TIME_ZONE)
    yield f"time_zone = {toml(new.time_zone)}"
    yield 'out = "out"'
    yield from writer.prose(say.ACCEPTANCES)
    yield '#acceptances = "acceptances.toml"\n'
    yield "[source]"
    yield from writer.prose(say.SOURCE)
    yield 'kind = "folder"'
    yield from _texts("name", say.SOURCE_NAME)
    yield f"logs = {toml(new.logs)}\n"
    yield "[scope]"
    yield from writer.prose(say.SCOPE)
    yield from writer.found_list("accounts", _matching(survey.of(Topic.ACCOUNT), _ACCOUNT), '["111122223333"]')
    yield from writer.found_list("regions", _matching(survey.of(Topic.REGION), _REGION), '["sa-east-1", "us-east-1"]')
    yield "\n[calendar]"
    yield from writer.prose(say.CALENDAR)
    yield '#country = "BR"'
    yield '#subdivision = "SP"\n'
    yield "[limits]"
    yield from writer.prose(say.LIMITS)
    yield "gap_percent = 0.0"
    yield "unreadable_files = 0"
    yield "unreadable_records = 0\n"
    yield "[parameters]"
    yield from writer.prose(say.PARAMETERS, id=new.id)
    yield from _parameters(writer, catalog, survey)


def _parameters(writer: "_Writer", catalog: Catalog, survey: Survey) -> Iterator[str]:
    users: dict[str, list[str]] = defaultdict(list)
    topics: dict[str, set[str]] = defaultdict(set)
    for query in catalog.current:
        for name in query.block.parameters:
            users[name].append(query.id)
            topics[name].add(query.pack)
    sections: dict[str, list[str]] = defaultdict(list)
    for name, parameter in sorted(catalog.parameters.items()):
        if parameter.given is None:
            packs = topics[name]
            sections[next(iter(packs)) if len(packs) == 1 else ("" if packs else "~")].append(name)
    for pack, names in sorted(sections.items()):
        title = {"": say.SEVERAL, "~": say.UNUSED}.get(pack) or catalog.packs[pack].title
        yield f"\n# ---- {title.of(writer.language)} ----"
        for name in names:
            yield ""
            yield from _parameter(writer, name, catalog.parameters[name], users[name], survey)


def _parameter(
    writer: "_Writer", name: str, parameter: Parameter, users: Sequence[str], survey: Survey
) -> Iterator[str]:
    yield from writer.text(parameter.meaning.of(writer.language))
    standing = say.REQUIRED if parameter.required else say.DEFAULT
    default = "" if parameter.default is None else toml(parameter.default)
    yield from writer.prose(standing, type=parameter.type, default=default, example=toml(parameter.example))
    if users:
        more = len(users) - _MOST_NAMED
        yield from writer.prose(say.ASKED_BY, queries=", ".join(users[:_MOST_NAMED]) + (f" +{more}" * (more > 0)))
    match name:
        case "business_start" | "business_end" | "business_days":
            yield from _working_times(writer, name, parameter, survey)
        case _:
            shown = _SUGGESTED.get(name, _Shown(()))
            found = [_matching(survey.of(topic), shown.form) for topic in shown.topics]
            otherwise = default if parameter.default is not None else toml(parameter.example)
            yield from writer.found_list(name, _together(found), otherwise)


def _working_times(writer: "_Writer", name: str, parameter: Parameter, survey: Survey) -> Iterator[str]:
    topic = Topic.DAY_OF_WEEK if name == "business_days" else Topic.HOUR
    counts = {int(value.text): value.events for value in survey.of(topic).values}
    setting = toml(parameter.default) if parameter.default is not None else toml(parameter.example)
    if counts:
        shown = " · ".join(f"{number}={count}" for number, count in sorted(counts.items()))
        yield from writer.prose(say.DAYS_FOUND if topic is Topic.DAY_OF_WEEK else say.HOURS_FOUND, counts=shown)
        start, end = working_hours(counts)
        days = tuple(day for day, count in sorted(counts.items()) if count >= _LEAST_OF_DAYS * sum(counts.values()))
        found: Mapping[str, Written] = {"business_start": start, "business_end": end, "business_days": days}
        setting = toml(found[name])
    yield f"#{name} = {setting}"


def working_hours(counts: Mapping[int, int]) -> tuple[int, int]:
    """Return the shortest span of hours, [start, end), that holds nearly all events; the earliest of several.

    Args:
        counts: Events by hour of the day; at least one.
    """
    least = _MOST_OF_HOURS * sum(counts.values())
    spans = ((start, end) for start in range(_HOURS) for end in range(start + 1, _HOURS + 1))
    enough = [span for span in spans if sum(counts.get(hour, 0) for hour in range(*span)) >= least]
    return min(enough, key=lambda span: (span[1] - span[0], span[0]))


def _matching(values: ScopeValues, form: re.Pattern[str]) -> ScopeValues:
    kept = tuple(value for value in values.values if form.fullmatch(value.text))
    return ScopeValues(kept, values.of_values, values.refused)


def _together(found: Sequence[ScopeValues]) -> ScopeValues:
    values = {value.text: value for one in found for value in one.values}
    return ScopeValues(tuple(values.values()), sum(one.of_values for one in found), sum(one.refused for one in found))


def _first(months: Sequence[str]) -> str:
    return months[0] if months else "-"


class _Writer:
    """Writes lines of the file in one language."""

    def __init__(self, language: Language, time_zone: ZoneInfo) -> None:
        self.language = language
        self._time_zone = time_zone

    def prose(self, text: Text, **facts: object) -> Iterator[str]:
        """Give a text as comments; lines of it that are indented stay as they are."""
        for line in text.of(self.language).format(**facts).split("\n"):
            yield from [f"# {line}"] if line.startswith(" ") else self.text(line)

    def text(self, text: str) -> Iterator[str]:
        """Give one paragraph as comments."""
        wrapped = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
        yield from (f"# {line}" for line in wrapped) if wrapped else ("#",)

    def found_list(self, name: str, found: ScopeValues, otherwise: str) -> Iterator[str]:
        """Give a list that can be put in force: what was found, or else another value."""
        if found.refused:
            yield from self.prose(say.REFUSED, count=found.refused)
        if not found.values:
            yield f"#{name} = {otherwise}"
            return
        more = max(0, found.of_values - found.refused - len(found.values))
        yield from self.prose(say.FOUND_MORE if more else say.FOUND, more=more)
        yield f"#{name} = ["
        for value in found.values:
            yield f"#{toml(value.text)},  # {self._seen(value)}"
        yield "#]"

    def _seen(self, value: ScopeValue) -> str:
        day = value.last_seen.replace(tzinfo=UTC).astimezone(self._time_zone).date()
        return say.SEEN.of(self.language).format(events=value.events, day=day)
