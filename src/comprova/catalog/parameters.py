"""The parameters that queries may use: declared once, bound as typed literals."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Self

from pydantic import RootModel, model_validator

from comprova.catalog.column_types import ParameterType, row_fields
from comprova.catalog.needs import Need
from comprova.catalog.query import Name
from comprova.catalog.text import Text
from comprova.catalog.toml_faults import UnmetRuleError, shown
from comprova.catalog.toml_reader import Block
from comprova.errors import ContentError, Problem

Scalar = str | int | float | bool | date | datetime
Value = Scalar | tuple[Scalar, ...] | tuple[Mapping[str, Scalar], ...]
"""What a parameter may be set to: a scalar, a list, or a list of rows."""

Source = Literal["run", "calendar"]
"""Who sets a parameter that no job sets by hand: the run (its period) or the job's business calendar."""


class Parameter(Block):
    """One parameter.

    Attributes:
        type: Its Athena type.
        default: The value where a job sets none.
        required: True where there can be no default: the queries that use it are inconclusive until a job sets it.
        given: Set by the run or the calendar, never by hand.
        meaning: What it is.
        example: A value, as it would stand in a job file.
        resources_of: The need, such as `data:s3`, whose resources in scope it lists: data events are logged per
            resource, so their absence means something only where each of these has some.
        personal: Whether its values may name people, which a report may mask.
    """

    type: ParameterType
    default: Value | None = None
    required: bool = False
    given: Source | None = None
    meaning: Text
    example: Value
    resources_of: Need | None = None
    personal: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = [
            key
            for key, holds in (
                ("default", self.default is not None),
                ("required", self.required),
                ("given", self.given is not None),
            )
            if holds
        ]
        if len(origins) != 1:
            raise UnmetRuleError(
                "exactly one of `default`, `required = true` and `given`", ", ".join(origins) or "none"
            )
        for key, value in (("default", self.default), ("example", self.example)):
            if value is not None and not has_type(value, self.type):
                raise UnmetRuleError(f"`{key}` to be {self.type}", shown(value), key)
        return self


class Parameters(RootModel[dict[Name, Parameter]]):
    """The whole of `parameters.toml`."""


_BIGINT = range(-(2**63), 2**63)
_ELEMENT = re.compile(r"array\((?P<element>[a-z]+)\)")


def has_type(value: object, parameter_type: str) -> bool:
    """Tell whether a value, as TOML gives it, is of a parameter type.

    Timestamps must carry a time zone, whole numbers fit 64 bits, and others be finite: JSON has no other numbers.
    """
    if fields := row_fields(parameter_type):
        return isinstance(value, tuple | list) and all(
            isinstance(row, Mapping)
            and set(row) == {name for name, _ in fields}
            and all(_has_scalar_type(row[name], kind) for name, kind in fields)
            for row in value
        )
    if match := _ELEMENT.fullmatch(parameter_type):
        return isinstance(value, tuple | list) and all(_has_scalar_type(item, match["element"]) for item in value)
    return _has_scalar_type(value, parameter_type)


def _has_scalar_type(value: object, scalar_type: str) -> bool:
    match value:
        case bool():
            types = {"boolean"}
        case str():
            types = {"varchar"}
        case int():
            types = {"bigint", "double"} if value in _BIGINT else set()
        case float():
            types = {"double"} if math.isfinite(value) else set()
        case datetime():
            types = {"timestamp"} if value.tzinfo is not None else set()
        case date():
            types = {"date"}
        case _:
            types = set()
    return scalar_type in types


@dataclass(frozen=True, slots=True)
class Bindings:
    """The values in force in one run.

    Attributes:
        values: Value by parameter name; of those set, defaulted or given.
        unset: Parameters without a value: required ones that the job does not set, and those of `given` that nothing
            has given yet.
    """

    values: Mapping[str, Value]
    unset: frozenset[str]


def bind(
    parameters: Mapping[str, Parameter], chosen: Mapping[str, Value], given: Mapping[str, Value], where: str
) -> Bindings:
    """Decide the value of every parameter.

    Args:
        parameters: All that are declared.
        chosen: What the job sets.
        given: What the run and the calendar give.
        where: The job file's name, for messages.

    Raises:
        ContentError: The job sets a parameter that is not declared, is given by the run, or is of another type.
    """
    problems: list[Problem] = []
    for name, value in chosen.items():
        parameter = parameters.get(name)
        if parameter is None:
            problems.append(Problem(f"{where}: parameters.{name}", "a parameter of queries/parameters.toml", "none"))
        elif parameter.given is not None:
            problems.append(
                Problem(f"{where}: parameters.{name}", f"nothing: the {parameter.given} sets it", shown(value))
            )
        elif not has_type(value, parameter.type):
            problems.append(
                Problem(
                    f"{where}: parameters.{name}", f"{parameter.type}, such as {shown(parameter.example)}", shown(value)
                )
            )
    if problems:
        raise ContentError(problems)
    values = {name: parameter.default for name, parameter in parameters.items() if parameter.default is not None}
    values |= given
    values |= chosen
    return Bindings(values, frozenset(name for name in parameters if name not in values))
