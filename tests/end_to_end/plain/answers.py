"""Answers questions of the packs from raw records, as an auditor would with the log files and no tool of ours.

`topics/` holds one module for each topic. A function there reads one question, the titles of its columns and its
limits, and says which rows must come out. How the query gets them is not looked at: names are listed where it has
patterns, and loops stand where it has windows. A new module in the folder is found by itself.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from end_to_end.plain.events import Row, Trail

Answer = Callable[[Trail], list[Row]]

_ANSWERS: dict[str, Answer] = {}


def answers(ref: str) -> Callable[[Answer], Answer]:
    """Mark a function as the answer to a query, at the version whose meaning was read."""

    def mark(function: Answer) -> Answer:
        if ref in _ANSWERS:
            raise ValueError(f"two answers to {ref}")
        _ANSWERS[ref] = function
        return function

    return mark


@cache
def all_answers() -> Mapping[str, Answer]:
    """Return how to answer each query, by the query's id and version."""
    for path in sorted((Path(__file__).parent / "topics").glob("*.py")):
        import_module(f"end_to_end.plain.topics.{path.stem}")
    return _ANSWERS
