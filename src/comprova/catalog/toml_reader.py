"""Reads a TOML text into a model; every fault is reported at its line."""

import re
import tomllib
from functools import lru_cache
from typing import Any, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from comprova.catalog.toml_faults import faults
from comprova.catalog.toml_lines import line_of
from comprova.errors import Problem

_SYNTAX_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)$")


class Block(BaseModel):
    """Base of everything read from a content file: immutable, without unknown keys, without coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def matching(pattern: str, words: str) -> AfterValidator:
    """Return what a text must look like, and how a message says it.

    Args:
        pattern: A regular expression that the whole text must match.
        words: What it means, such as "a name of small letters".
    """
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(words)
        return text

    return AfterValidator(check)


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
    found = _read(text, model, where, first_line)
    return list(found) if isinstance(found, tuple) else cast("BlockT", found)


@lru_cache(maxsize=1024)  # a run reads its content, then the copy of it that it seals
def _read(text: str, model: type[BaseModel], where: str, first_line: int) -> BaseModel | tuple[Problem, ...]:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        match = _SYNTAX_LINE.search(message)
        line = int(match[1]) if match else len(text.splitlines()) or 1
        found = _SYNTAX_LINE.sub("", message)
        return (Problem(f"{where}:{first_line + line - 1}", "TOML", found[:1].lower() + found[1:]),)
    except RecursionError:
        return (Problem(where, "lists and tables in at most a few others", "hundreds in each other"),)
    read = validate(values, model, where, text, first_line)
    return tuple(read) if isinstance(read, list) else read


def validate(
    values: dict[str, Any], model: type[BlockT], where: str, text: str, first_line: int = 1
) -> BlockT | list[Problem]:
    """Make the model of values that were read from a TOML text, or tell every problem at its line."""
    held = _tuples(values)
    try:
        return model.model_validate(held)
    except ValidationError as error:
        return [
            Problem(f"{where}:{first_line + line_of(text, fault.path) - 1}", fault.expected, fault.found, fault.hint)
            for fault in faults(error, held, model)
        ]


def _tuples(value: Any) -> Any:
    # In TOML a list is an array: strictness is about scalars, so tuples of the models take lists.
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return value
