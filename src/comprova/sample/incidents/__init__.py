"""What is planted in a sample: incidents, near misses and habits, and their records by day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from comprova.sample.callers import JsonObject
from comprova.sample.facts import Explained, Incident
from comprova.sample.ids import Chance
from comprova.sample.incidents.chapters import chapter
from comprova.sample.incidents.scene import Habit, Scene, Script
from comprova.sample.rhythm import Month, local_day
from comprova.sample.writer import LogFile, moment_of

__all__ = ["Planted", "PlantedDay", "plant"]


@dataclass(slots=True)
class PlantedDay:
    """What is planted on a day, in the company's time zone.

    Attributes:
        records: To be delivered with those of their hour.
        files: Log files of their own.
        lost: Accounts of which nothing is delivered.
        doubled: Accounts and regions of which a second trail delivers everything too.
    """

    records: list[JsonObject] = field(default_factory=list)
    files: list[LogFile] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    doubled: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Planted:
    """All that is planted in a sample.

    Attributes:
        incidents: In order of months.
        explained: What exception queries show besides, in order of months.
        days: Their records and those of their near misses.
    """

    incidents: tuple[Incident, ...]
    explained: tuple[Explained, ...]
    days: Mapping[date, PlantedDay]


def plant(seed: int, calendar: tuple[Month, ...]) -> Planted:
    """Play the scripts of every month.

    Args:
        seed: The seed of the sample; each scene draws from its own part of it.
        calendar: The months, oldest first.
    """
    incidents: list[Incident] = []
    explained: list[Explained] = []
    days: dict[date, PlantedDay] = {}
    for months_back, month in zip(range(len(calendar) - 1, -1, -1), calendar, strict=True):
        played = chapter(months_back)
        for script in played.scripts:
            scene = _play(script, seed, month)
            if scene.shown or scene.lost or scene.doubled:
                incidents.append(script.incident(scene))
                _add(scene, days)
        for habit in played.habits:
            scene = _play(habit, seed, month)
            explained.append(habit.explained(scene))
            _add(scene, days)
    return Planted(tuple(incidents), tuple(explained), days)


def _play(script: Script | Habit, seed: int, month: Month) -> Scene:
    scene = Scene(Chance(f"{seed}/{month.label}/{script.id}"), month)
    script.play(scene)
    return scene


def _add(scene: Scene, days: dict[date, PlantedDay]) -> None:
    """Lay the records of a scene on their days, in the file of their hour or in one of their own."""
    apart = {str(record["eventID"]) for file in scene.files if not file.again for record in file.records}
    for record in (*scene.shown, *(record for near in scene.missed for record in near.records)):
        if record["eventID"] not in apart:
            _on(days, local_day(moment_of(record))).records.append(record)
    for file in scene.files:
        _on(days, local_day(moment_of(file.records[0]))).files.append(file)
    for account, day in scene.lost:
        _on(days, day).lost.add(account)
    for account, region, day in scene.doubled:
        _on(days, day).doubled.add((account, region))


def _on(days: dict[date, PlantedDay], day: date) -> PlantedDay:
    return days.setdefault(day, PlantedDay())
