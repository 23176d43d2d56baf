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
from comprova.catalog.phrases import Phrases
from comprova.catalog.text import Text
from comprova.catalog.toml_writer import Written, toml
from comprova.collect.scope_values import ScopeValue, ScopeValues, Topic
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
        time_zone: In which its periods are cut.
        logs: The folder of logs, as the job is to name it.
    """

    id: str
    time_zone: str
    logs: str


def job_text(new: NewJob, phrases: Phrases, catalog: Catalog, survey: Survey) -> str:
    """Return the text of the job file.

    Args:
        new: What the user says.
        phrases: The words of projects, in the language of comments, which is the first of documents.
        catalog: All content.
        survey: What the logs hold.
    """
    return "\n".join(_lines(_Writer(phrases, zone(new.time_zone)), new, catalog, survey)) + "\n"


def _texts(key: str, text: Text) -> Iterator[str]:
    return (f"{key}.{language} = {toml(said)}" for language, said in text.said.items())


def _lines(writer: "_Writer", new: NewJob, catalog: Catalog, survey: Survey) -> Iterator[str]:
    say, language = writer.phrases, writer.phrases.language
    months = sorted(value.text for value in survey.of(Topic.MONTH).values)
    yield from writer.prose("comment.head", id=new.id, period=months[-1] if months else "2026-10")
    if survey.files:
        yield "#"
        ends = {"first": _first(months), "last": _first(months[::-1])}
        yield from writer.counted("comment.found-in", survey.files, **ends)
    yield f"\nid = {toml(new.id)}"
    yield from _texts("title", say.in_all_languages("job.title"))
    yield from writer.prose("comment.organisation")
    yield f"organisation = {toml(say.text('job.organisation'))}"
    yield 'report = "monthly"\n'
    yield from writer.prose("comment.frameworks")
    for key, edition in sorted(catalog.frameworks.items()):
        yield from writer.text(f"{key}: {edition.title.of(language)}")
    yield f"frameworks = {toml(tuple(sorted({edition.id for edition in catalog.frameworks.values()})))}\n"
    others = [other for other in say.languages if other != language]
    yield f"languages = {toml(tuple(map(str, (language, *others))))}"
    yield from writer.prose("comment.time-zone")
    yield f"time_zone = {toml(new.time_zone)}"
    yield 'out = "out"'
    yield from writer.prose("comment.acceptances")
    yield '#acceptances = "acceptances.toml"\n'
    yield "[source]"
    yield from writer.prose("comment.source")
    yield 'kind = "folder"'
    yield from _texts("name", say.in_all_languages("job.source"))
    yield f"logs = {toml(new.logs)}\n"
    yield "[scope]"
    yield from writer.prose("comment.scope")
    yield from writer.found_list("accounts", _matching(survey.of(Topic.ACCOUNT), _ACCOUNT), '["111122223333"]')
    yield from writer.found_list("regions", _matching(survey.of(Topic.REGION), _REGION), '["sa-east-1", "us-east-1"]')
    yield "\n[calendar]"
    yield from writer.prose("comment.calendar")
    yield '#country = "BR"'
    yield '#subdivision = "SP"\n'
    yield "[limits]"
    yield from writer.prose("comment.limits")
    yield "gap_percent = 0.0"
    yield "unreadable_files = 0"
    yield "unreadable_records = 0\n"
    yield "[parameters]"
    yield from writer.prose("comment.parameters", id=new.id)
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
        yield f"\n# ---- {_topic(writer.phrases, catalog, pack)} ----"
        for name in names:
            yield ""
            yield from _parameter(writer, name, catalog.parameters[name], users[name], survey)


def _topic(phrases: Phrases, catalog: Catalog, pack: str) -> str:
    match pack:
        case "":
            return phrases.text("comment.several")
        case "~":
            return phrases.text("comment.unused")
        case _:
            return catalog.packs[pack].title.of(phrases.language)


def _parameter(
    writer: "_Writer", name: str, parameter: Parameter, users: Sequence[str], survey: Survey
) -> Iterator[str]:
    yield from writer.text(parameter.meaning.of(writer.phrases.language))
    standing = "comment.required" if parameter.required else "comment.default"
    default = "" if parameter.default is None else toml(parameter.default)
    yield from writer.prose(standing, type=parameter.type, default=default, example=toml(parameter.example))
    if users:
        more = len(users) - _MOST_NAMED
        yield from writer.prose("comment.used-by", queries=", ".join(users[:_MOST_NAMED]) + (f" +{more}" * (more > 0)))
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
        yield from writer.prose("found.days" if topic is Topic.DAY_OF_WEEK else "found.hours", counts=shown)
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

    def __init__(self, phrases: Phrases, time_zone: ZoneInfo) -> None:
        self.phrases = phrases
        self._time_zone = time_zone

    def prose(self, key: str, **facts: object) -> Iterator[str]:
        """Give what the catalogue says as comments; lines of it that are indented stay as they are."""
        yield from self._lines(self.phrases.text(key, **facts))

    def counted(self, key: str, count: int, **facts: object) -> Iterator[str]:
        """Give the form that fits a count, which stands in it as `n`."""
        yield from self._lines(self.phrases.counted(key, count, n=count, **facts))

    def _lines(self, text: str) -> Iterator[str]:
        for line in text.split("\n"):
            yield from [f"# {line}"] if line.startswith(" ") else self.text(line)

    def text(self, text: str) -> Iterator[str]:
        """Give one paragraph as comments."""
        wrapped = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
        yield from (f"# {line}" for line in wrapped) if wrapped else ("#",)

    def found_list(self, name: str, found: ScopeValues, otherwise: str) -> Iterator[str]:
        """Give a list that can be put in force: what was found, or else another value."""
        if found.refused:
            yield from self.counted("found.refused", found.refused)
        if not found.values:
            yield f"#{name} = {otherwise}"
            return
        more = max(0, found.of_values - found.refused - len(found.values))
        yield from self.counted("found.more", more) if more else self.prose("found")
        yield f"#{name} = ["
        for value in found.values:
            yield f"#{toml(value.text)},  # {self._seen(value)}"
        yield "#]"

    def _seen(self, value: ScopeValue) -> str:
        day = value.last_seen.replace(tzinfo=UTC).astimezone(self._time_zone).date()
        return self.phrases.counted("found.seen", value.events, n=value.events, day=day)
