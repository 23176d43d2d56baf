"""Parameters are declared once, with a type that every value must have."""

from datetime import UTC, date, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.catalog.parameters import Bindings, Parameter, Parameters, Scalar, Source, Value, bind, has_type
from comprova.catalog.toml_reader import read_toml
from comprova.errors import ContentError, Problem
from content_builder import BUILTIN, PARAMETERS, parameter

HOLIDAYS = "array(row(day date, name varchar))"
MOMENT = datetime(2026, 10, 12, tzinfo=UTC)

TYPED: dict[str, list[object]] = {
    "varchar": ["", "text", "2026-10-12"],
    "bigint": [0, -(2**63), 2**63 - 1],
    "double": [0, 1.5, -0.0],
    "boolean": [True, False],
    "date": [date(2026, 10, 12)],
    "timestamp": [MOMENT],
    "array(varchar)": [(), ("",), ("a", "b"), ["a"]],
    "array(bigint)": [(), (1, 2)],
    HOLIDAYS: [(), ({"day": date(2026, 10, 12), "name": "x"},)],
}
"""Values of each type."""

UNTYPED: dict[str, list[object]] = {
    "varchar": [1, True, None, ("a",), date(2026, 10, 12)],
    "bigint": ["1", 1.0, True, 2**63, -(2**63) - 1, (1,), None],
    "double": ["1.5", True, float("nan"), float("inf"), float("-inf"), None],
    "boolean": [0, "true", None],
    "date": ["2026-10-12", MOMENT, MOMENT.replace(tzinfo=None), None],
    "timestamp": [date(2026, 10, 12), MOMENT.replace(tzinfo=None), "2026-10-12T00:00:00Z", None],
    "array(varchar)": ["", "text", ("a", 1), (("a",),), {"a": 1}, None],
    "array(bigint)": [1, ("1",), (True,)],
    HOLIDAYS: [
        "",
        ("day", "name"),
        ({"day": date(2026, 10, 12)},),
        ({"day": "2026-10-12", "name": "x"},),
        ({"day": date(2026, 10, 12), "name": "x", "more": 1},),
        {"day": date(2026, 10, 12), "name": "x"},
    ],
}
"""Values that are not of the type."""


def test_every_value_of_a_type_has_it_and_no_other_does() -> None:
    """Text never passes for a list, true never for 1, a moment never for a day, and nothing infinite for a number."""
    refused = [(value, type_) for type_, values in TYPED.items() for value in values if not has_type(value, type_)]
    accepted = [(value, type_) for type_, values in UNTYPED.items() for value in values if has_type(value, type_)]
    assert (refused, accepted) == ([], [])


@given(st.one_of(st.none(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(), st.booleans()))
def test_a_scalar_has_at_most_one_type_but_for_whole_numbers(value: object) -> None:
    """Only a whole number is of two types: bigint and double."""
    types = {
        type_ for type_ in ("varchar", "bigint", "double", "boolean", "date", "timestamp") if has_type(value, type_)
    }
    assert len(types) <= 1 or types == {"bigint", "double"}


def declared(text: str = BUILTIN[PARAMETERS]) -> dict[str, Parameter]:
    """Return the parameters of a file without faults."""
    result = read_toml(text, Parameters, "parameters.toml")
    assert isinstance(result, Parameters), result
    return result.root


def test_values_come_from_the_job_the_calendar_and_the_defaults() -> None:
    """The job's value wins over the default; what nothing sets is unset."""
    holiday: dict[str, Scalar] = {"day": date(2026, 10, 12), "name": "x"}
    given_: dict[str, Value] = {"holidays": (holiday,)}
    assert bind(declared(), {"max_age_days": 30}, given_, "job") == Bindings(
        {"max_age_days": 30, **given_}, frozenset({"approved", "time_zone"})
    )
    assert bind(declared(), {"approved": ()}, {}, "job").values == {"max_age_days": 90, "approved": ()}


def test_an_empty_list_is_a_value() -> None:
    """A required list that the job sets to nothing is set."""
    assert "approved" not in bind(declared(), {"approved": ()}, {}, "job").unset


def test_everything_wrong_with_a_jobs_parameters_is_told_at_once() -> None:
    """Unknown names, values of other types, and what the calendar sets are refused together."""
    chosen: dict[str, Value] = {"unknown": 1, "max_age_days": "90", "holidays": (), "approved": ("a", 1)}
    with pytest.raises(ContentError) as raised:
        bind(declared(), chosen, {}, "job.toml")
    assert raised.value.problems == (
        Problem("job.toml: parameters.unknown", "a parameter of queries/parameters.toml", "none"),
        Problem("job.toml: parameters.max_age_days", "bigint, such as 90", "'90'"),
        Problem("job.toml: parameters.holidays", "nothing: the calendar sets it", "[]"),
        Problem("job.toml: parameters.approved", "array(varchar), such as ['a']", "['a', 1]"),
    )


@pytest.mark.parametrize("origin", ["", "default = 90\nrequired = true", 'default = 90\ngiven = "run"'])
def test_a_parameter_has_one_origin(origin: str) -> None:
    """A default, a job's value or the run's: one of them, and only one."""
    problems = read_toml(parameter("p", "bigint", "1", origin), Parameters, "p.toml")
    assert isinstance(problems, list)
    assert [item.expected for item in problems] == ["exactly one of `default`, `required = true` and `given`"]


def test_default_and_example_are_of_the_type() -> None:
    """A default of another type is told at its line."""
    problems = read_toml(parameter("p", "array(varchar)", '["a"]', "default = [1]"), Parameters, "p.toml")
    assert problems == [Problem("p.toml:3", "`default` to be array(varchar)", "[1]")]
    problems = read_toml(parameter("p", "date", '"2026-10-12"', "required = true"), Parameters, "p.toml")
    assert problems == [Problem("p.toml:6", "`example` to be date", "'2026-10-12'")]


@pytest.mark.parametrize(
    "type_", ["", "int", "array", "array()", "array(row())", "array(row(a))", "array(array(varchar))", "varchar "]
)
def test_what_is_no_parameter_type(type_: str) -> None:
    """The types are a closed list, and the message prints it."""
    problems = read_toml(parameter("p", type_, '"a"', "required = true"), Parameters, "p.toml")
    assert isinstance(problems, list)
    assert problems[0].where == "p.toml:2"
    assert "varchar, bigint, double, boolean, date, timestamp" in problems[0].expected


def test_a_value_that_toml_can_write_and_no_type_has_is_one_problem() -> None:
    """A table or a time of day is told once, in words, whatever alternatives there are."""
    problems = read_toml(parameter("p", "varchar", '"a"', "default = 07:30:00"), Parameters, "p.toml")
    assert isinstance(problems, list)
    assert [(item.where, item.found) for item in problems] == [("p.toml:3", "07:30:00")]
    assert "text, a whole number" in problems[0].expected


def test_every_source_is_known() -> None:
    """Whoever may set a parameter in place of a job has a word of its own."""
    for source in get_args(Source):
        assert declared(parameter("p", "varchar", '"a"', f'given = "{source}"'))["p"].given == source
