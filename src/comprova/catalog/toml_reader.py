"""Reads a TOML text into a model; every fault is reported at its line."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from comprova.errors import Problem

_MOST_SHOWN = 80
_SYNTAX_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)$")
_TABLE = re.compile(r"^\s*(?P<open>\[{1,2})\s*(?P<path>[^\[\]]+?)\s*\]{1,2}\s*(#.*)?$")
_KEY = re.compile(
    r"""^\s*(?P<path>(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)


class Block(BaseModel):
    """Base of everything read from a content file: immutable, without unknown keys, without coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


BlockT = TypeVar("BlockT", bound=BaseModel)


def read_toml(text: str, model: type[BlockT], where: str, first_line: int = 1) -> BlockT | list[Problem]:
    """Read one TOML text.

    Args:
        text: The TOML.
        model: What it must be.
        where: The file's name in messages.
        first_line: The number of the text's first line in its file.

    Returns:
        The model, or every problem found.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        match = _SYNTAX_LINE.search(message)
        line = int(match[1]) if match else 1
        found = _SYNTAX_LINE.sub("", message)
        return [Problem(f"{where}:{first_line + line - 1}", "TOML", found[:1].lower() + found[1:])]
    return validate(values, model, where, text, first_line)


def validate(
    values: dict[str, Any], model: type[BlockT], where: str, text: str, first_line: int = 1
) -> BlockT | list[Problem]:
    """Make the model of values that were read from a TOML text, or tell every problem at its line."""
    try:
        # In TOML a list is an array: strictness is about scalars, so tuples of the models take lists.
        return model.model_validate(_tuples(values))
    except ValidationError as error:
        return [
            _problem(detail, f"{where}:{first_line + line_of(text, detail['loc']) - 1}", model)
            for detail in error.errors(include_url=False)
        ]


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return value


def _problem(detail: ErrorDetails, where: str, model: type[BaseModel]) -> Problem:
    path = ".".join(str(part) for part in detail["loc"])
    message = detail["msg"].removeprefix("Value error, ")
    match detail["type"]:
        case "missing":
            return Problem(where, f"the key `{path}`", "none")
        case "extra_forbidden":
            known = ", ".join(sorted(model.model_fields)) if len(detail["loc"]) == 1 else "the keys of the reference"
            return Problem(where, f"only known keys ({known})", f"`{path}`")
        case "value_error":
            return Problem(where, f"`{path}` to be {message}" if path else message, shown(detail["input"]))
        case _:
            return Problem(where, f"`{path}` to be {message.removeprefix('Input should be ')}", shown(detail["input"]))


def shown(value: object) -> str:
    """Return a value as a message shows it: quoted, escaped and short."""
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"


def line_of(text: str, path: Sequence[int | str]) -> int:
    """Return the line (from 1) of the deepest part of a path that can be found in a TOML text.

    Tables, arrays of tables and dotted keys are followed; a member of an inline value is found at the inline value.
    """
    best_depth, best_line = 0, 1
    table: list[int | str] = []
    counts: dict[tuple[int | str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _TABLE.match(line):
            table = list(_indexed(_parts(match["path"]), counts, opens=len(match["open"]) > 1))
            here = table
        elif match := _KEY.match(line):
            here = [*table, *_parts(match["path"])]
        else:
            continue
        depth = _shared(here, path)
        if depth > best_depth and depth == len(here):
            best_depth, best_line = depth, number
    return best_line


def _indexed(parts: Iterable[str], counts: dict[tuple[int | str, ...], int], *, opens: bool) -> Iterable[int | str]:
    """Put into a table's path the index of each array of tables it stands in; `opens` starts a new element."""
    parts = list(parts)
    done: list[int | str] = []
    for position, part in enumerate(parts):
        done.append(part)
        name = tuple(done)
        if opens and position == len(parts) - 1:
            counts[name] = counts.get(name, -1) + 1
        if name in counts:
            done.append(counts[name])
    return done


def _parts(path: str) -> list[str]:
    return [part.strip().strip("\"'") for part in path.split(".")]


def _shared(here: Sequence[int | str], path: Sequence[int | str]) -> int:
    depth = 0
    for left, right in zip(here, path, strict=False):
        if left != right:
            break
        depth += 1
    return depth
