"""Says in words what pydantic found wrong with the values of a content file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from itertools import groupby
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

_MOST_SHOWN = 80
_WORDINGS = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date (2026-10-12, without quotes)",
    "datetime_type": "a date and time",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "string_too_short": "text that is not empty",
    "too_short": "a list of {min_length} or more",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "enum": "{expected}",
    "literal_error": "{expected}",
}
"""What a value should have been, by pydantic's name of the fault and with the facts that it gives."""

_TAG = "kind"
"""The key by which a table tells of which kind it is, where there are several: `source.kind`."""

Step = int | str


class UnmetRuleError(ValueError):
    """What a validator raises where the keys of one table do not agree with each other.

    Args:
        expected: What should hold, as it follows "expected".
        found: What stands there instead.
        key: Of the table, the one at which a reader should look; empty for the table itself.
    """

    def __init__(self, expected: str, found: str, key: str = "") -> None:
        self.expected = expected
        self.found = found
        self.key = key
        super().__init__(expected)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the values of a file.

    Attributes:
        path: Keys and positions that lead to it; the last may be a key that is missing.
        expected, found, hint: As in `Problem`.
    """

    path: tuple[Step, ...]
    expected: str
    found: str
    hint: str = ""


def faults(error: ValidationError, values: Mapping[str, Any], model: type[BaseModel]) -> Iterator[Fault]:
    """Yield what is wrong, once per value.

    Args:
        error: What pydantic says of the values.
        values: As read from the file.
        model: What they should be.
    """
    told = [detail for detail in error.errors(include_url=False) if not _follows_from_another(detail)]
    details = [_untagged(detail, values) for detail in told]
    for (path, branches), group in groupby(details, key=lambda detail: _held(detail, values)):
        of_value = list(group)
        yield _of_choices(path, of_value) if branches else _of_one(path, of_value[0], model, values)


def _untagged(detail: ErrorDetails, values: Any) -> ErrorDetails:
    """Tell of a table that is one of several kinds as of any other: its kind is a key, and no step of the path."""
    path: list[Step] = []
    for step in detail["loc"]:
        if not (isinstance(values, Mapping) and step not in values and step == values.get(_TAG)):
            path.append(step)
            values = _inside(values, step)
    untagged: ErrorDetails = {**detail, "loc": tuple(path)}
    match detail["type"]:
        case "union_tag_not_found":
            untagged |= {"type": "missing", "loc": (*path, _TAG)}
        case "union_tag_invalid":
            kinds = str(detail["ctx"]["expected_tags"]).replace("', '", "' or '")
            untagged |= {"type": "literal_error", "loc": (*path, _TAG), "ctx": {"expected": kinds}}
            untagged["input"] = detail["ctx"]["tag"]
    return untagged


def _held(detail: ErrorDetails, values: Any) -> tuple[tuple[Step, ...], bool]:
    """Return the path of the value at fault, and whether the rest of pydantic's path names alternatives of a type."""
    location = detail["loc"]
    for depth, step in enumerate(location):
        is_position = isinstance(values, tuple) and isinstance(step, int)
        if is_position or (isinstance(values, Mapping) and step in values):
            values = values[step]
        else:
            missing = detail["type"] == "missing" and depth == len(location) - 1
            return (location, False) if missing else (location[:depth], step != "[key]")
    return location, False


def _follows_from_another(detail: ErrorDetails) -> bool:
    """Tell whether a list is only too short because its elements are not as they should be."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _of_choices(path: tuple[Step, ...], details: Sequence[ErrorDetails]) -> Fault:
    # A fault deeper than the alternatives is of an element, where a list was one of them and one was found.
    own = [detail for detail in details if len(detail["loc"]) == len(path) + 1]
    words = list(dict.fromkeys(_wording(detail) for detail in own))
    if len(own) < len(details):
        words.append("a list of these")
    expected = " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
    return Fault(path, f"{_named(path)} to be {expected}", shown(own[0]["input"]))


def _of_one(path: tuple[Step, ...], detail: ErrorDetails, model: type[BaseModel], values: Mapping[str, Any]) -> Fault:
    found = shown(detail["input"])
    match detail["type"]:
        case "missing":
            return Fault(path, f"the key {_named(path)}", "none")
        case "extra_forbidden":
            known = _keys(model, path[:-1], values)
            close = get_close_matches(str(path[-1]), known, n=1)
            hint = f"Was `{close[0]}` meant?" if close else ""
            return Fault(path, f"only known keys ({', '.join(known)})", _named(path), hint)
        case "value_error" if isinstance(rule := detail["ctx"]["error"], UnmetRuleError):
            return Fault((*path, rule.key) if rule.key else path, rule.expected, rule.found)
        case "value_error" if not isinstance(detail["input"], str):
            return Fault(path, _wording(detail), f"{_named(path)} otherwise" if path else "a file that says otherwise")
        case "model_type":
            return Fault(path, f"{_named(path)} to be a table with {', '.join(_keys(model, path, values))}", found)
        case _:
            named = "the name of each table" if detail["loc"][-1:] == ("[key]",) else _named(path)
            return Fault(path, f"{named} to be {_wording(detail)}", found)


def _wording(detail: ErrorDetails) -> str:
    worded = _WORDINGS.get(detail["type"])
    if worded is None:
        return detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return worded.format_map(detail.get("ctx", {}))


def _named(path: Iterable[Step]) -> str:
    return f"`{'.'.join(str(step) for step in path)}`"


def shown(value: object) -> str:
    """Return a value as a message shows it: nearly as in TOML, escaped and short."""
    text = _as_toml(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"


def _as_toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case date() | datetime() | time():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(_as_toml(item) for item in value)}]"
        case dict():
            members = ", ".join(f"{key} = {_as_toml(item)}" for key, item in value.items())
            return f"{{{members}}}"
        case _:
            return repr(value)


def _keys(model: type[BaseModel], path: Sequence[Step], values: Any) -> list[str]:
    """Return the keys that a model knows at a place of its values, in the model's order."""
    found = _model_at(model, path, values)
    return list(found.model_fields) if found else []


def _model_at(annotation: Any, path: Sequence[Step], values: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if issubclass(annotation, RootModel):
            return _model_at(annotation.model_fields["root"].annotation, path, values)
        if not path:
            return annotation if _is_of_kind(annotation, values) else None
        field = annotation.model_fields.get(str(path[0]))
        return _model_at(field.annotation, path[1:], _inside(values, path[0])) if field else None
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner = inner[:1]
    elif isinstance(origin, type) and issubclass(origin, (tuple, Mapping)):
        path, values = path[1:], _inside(values, path[0]) if path else values
    found = (_model_at(item, path, values) for item in inner)
    return next((item for item in found if item is not None), None)


def _is_of_kind(model: type[BaseModel], values: Any) -> bool:
    """Tell whether a table is of a model, where several are told apart by their kind."""
    tag = model.model_fields.get(_TAG)
    kinds = get_args(tag.annotation) if tag and get_origin(tag.annotation) is Literal else ()
    kind = values.get(_TAG) if isinstance(values, Mapping) else None
    return not kinds or kind is None or kind in kinds


def _inside(values: Any, step: Step) -> Any:
    """Return what lies at a key or position; None where there is none."""
    if isinstance(values, tuple):
        return values[step] if isinstance(step, int) and step < len(values) else None
    return values.get(step) if isinstance(values, Mapping) else None
