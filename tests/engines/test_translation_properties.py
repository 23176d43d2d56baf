"""The translation agrees with a model of Athena written in Python, on whatever values hypothesis finds."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from comprova.catalog.parameters import Bindings
from comprova.period import Period
from comprova.sql.compile import compile_measure
from comprova.sql.duckdb_layer import FUNCTIONS, MACROS, SETTINGS
from comprova.sql.patterns import PatternError, duckdb_path, read_pattern
from comprova.sql.statement import Scope

Ask = Callable[[str, Sequence[object]], object]
"""Compiles an expression over `a` (and `b`) of activity's types and asks DuckDB for it with these values."""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Give a function that answers an expression over the columns request, response and event_time."""
    with duckdb.connect() as connection:
        for setting in SETTINGS:
            connection.execute(setting)
        for function in FUNCTIONS:
            connection.create_function(  # type: ignore[call-overload] # the stub asks for types where names will do
                function.name, function.call, list(function.parameters), function.result, null_handling="special"
            )
        for macro in MACROS:
            connection.execute(macro)
        connection.execute("CREATE TABLE activity (request VARCHAR, response VARCHAR, event_time TIMESTAMP)")
        scope = Scope(Period.parse("2026-10", "UTC"))

        def answer(expression: str, values: Sequence[object]) -> object:
            sql = f"SELECT {expression} AS answer FROM activity"  # noqa: S608 - written in this file
            compiled = compile_measure("expression", sql, Bindings({}, frozenset()), scope).duckdb
            connection.execute("DELETE FROM activity")
            connection.execute("INSERT INTO activity VALUES (?, ?, ?)", [*values, *[None] * (3 - len(values))])
            row = connection.execute(compiled).fetchone()
            assert row is not None
            return row[0]

        yield answer


atoms = st.one_of(
    st.sampled_from(["a", "b", "/", ".", "[ab]", "[^a]", r"\.", "[a-b/]", r"\\"]),
    st.sampled_from(["(a)", "(?:ab)", "(a|b)", "(ab|a)", "(/[^/]+)"]),
)
pieces = st.tuples(atoms, st.sampled_from(["", "", "+", "*", "?", "{2}", "{1,2}", "+?", "*?"])).map("".join)
patterns = st.tuples(
    st.sampled_from(["", "^"]), st.lists(pieces, min_size=1, max_size=4), st.sampled_from(["", r"\z"])
).map(lambda parts: parts[0] + "".join(parts[1]) + parts[2])
subjects = st.text(st.sampled_from(["a", "b", "/", ".", "\n", "\\", "é"]), max_size=8)


@settings(deadline=None, max_examples=120)
@given(patterns, subjects)
def test_patterns_match_what_they_match_elsewhere(ask: Ask, pattern: str, subject: str) -> None:
    """Where a pattern matches, and what it and its sure groups take, is what a backtracking engine says."""
    known = read_pattern(pattern)
    found = re.search(pattern.replace(r"\z", r"\Z"), subject)
    quoted = pattern.replace("'", "''")
    assert ask(f"regexp_like(request, '{quoted}')", [subject]) is (found is not None)
    assert ask(f"regexp_extract(request, '{quoted}')", [subject]) == (found[0] if found else None)
    for number, sure in enumerate(known.groups, start=1):
        if sure:
            got = ask(f"regexp_extract(request, '{quoted}', {number})", [subject])
            assert got == (found[number] if found else None)
    if not known.matches_empty:
        expected = re.sub(pattern.replace(r"\z", r"\Z"), "#", subject)
        assert ask(f"regexp_replace(request, '{quoted}', '#')", [subject]) == expected


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.text(),
    st.floats(allow_nan=False, allow_infinity=False),
)
keys = st.sampled_from(["a", "b", "userName", "x-amz-acl", "aws:arn"])
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)
steps = st.lists(st.one_of(keys, st.integers(0, 2)), max_size=3)


def followed(document: object, path: Sequence[str | int]) -> object:
    """Follow a path as Athena does; a step that is not there leads to None."""
    for step in path:
        if isinstance(document, dict) and isinstance(step, str):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    return document


def scalar_text(value: object) -> str | None:
    """Return what json_extract_scalar gives for a value: text as it is, numbers as written, no object or list."""
    if isinstance(value, str):
        return value
    return None if value is None or isinstance(value, dict | list) else json.dumps(value)


@settings(deadline=None, max_examples=120)
@given(documents, steps)
@example({"a": "\u0000"}, ["a"])
@example({"a": 1e22}, ["a"])
def test_json_scalars_are_as_written(ask: Ask, document: object, path: list[str | int]) -> None:
    """A scalar at any path arrives as the text that the document holds."""
    text = json.dumps(document, ensure_ascii=False)
    assume("\\u0000" not in text)  # such a text is read up to it by neither engine; CloudTrail logs none
    written = "$" + "".join(f"[{step}]" if isinstance(step, int) else f'["{step}"]' for step in path)
    assert duckdb_path(written)
    assert ask(f"json_extract_scalar(request, '{written}')", [text]) == scalar_text(followed(document, path))


@settings(deadline=None, max_examples=60)
@given(documents)
def test_lists_of_text_are_whole_or_not_there(ask: Ask, document: object) -> None:
    """TRY_CAST to array(varchar) gives each element's text, or NULL where one has none."""
    assume(not isinstance(document, list) or not any(isinstance(item, float) for item in document))
    text = json.dumps(document, ensure_ascii=False)
    assume("\\u0000" not in text)
    nested = isinstance(document, list) and any(isinstance(item, dict | list) for item in document)
    expected = [scalar_text(item) for item in document] if isinstance(document, list) and not nested else None
    assert ask("TRY_CAST(json_extract(request, '$') AS array(varchar))", [text]) == expected


@settings(deadline=None, max_examples=60)
@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - UTC, as event_time is
    st.sampled_from(["America/Sao_Paulo", "Europe/Berlin"]),
)
def test_local_time_is_that_of_the_zone(ask: Ask, moment: datetime, zone: str) -> None:
    """The local date, hour and weekday of a UTC time are those of the zone, summer time and all."""
    moment = moment.replace(microsecond=0)
    local = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
    at = f"at_timezone(with_timezone(event_time, 'UTC'), '{zone}')"
    values = [None, None, moment]
    assert ask(f"date({at})", values) == local.date()
    assert ask(f"hour({at})", values) == local.hour
    assert ask(f"day_of_week({at})", values) == local.isoweekday()


truths = st.lists(st.sampled_from([None, True, False]), max_size=4)


@settings(deadline=None, max_examples=60)
@given(truths)
def test_matches_are_three_valued(ask: Ask, values: list[bool | None]) -> None:
    """any_match, all_match and none_match of conditions that may be NULL are OR, AND and NOT OR of them."""
    names = {True: "TRUE", False: "FALSE", None: "CAST(NULL AS boolean)"}
    array = f"CAST(ARRAY[{', '.join(names[value] for value in values)}] AS array(boolean))"
    some = True if True in values else None if None in values else False
    every = False if False in values else None if None in values else True
    assert ask(f"any_match({array}, x -> x)", []) is some
    assert ask(f"all_match({array}, x -> x)", []) is every
    assert ask(f"none_match({array}, x -> x)", []) is (None if some is None else not some)


wildcards = st.text(st.sampled_from("aB_*%'"), max_size=5)


def as_regex(pattern: str, *, star: bool) -> str:
    """Return the regular expression of a pattern: of a role with * in it, else of LIKE."""
    meanings = {"*": ".*", "%": ".*"} if star else {"%": ".*", "_": "."}
    return "".join(meanings.get(char, re.escape(char)) for char in pattern)


@settings(deadline=None, max_examples=50)
@given(st.text(st.sampled_from("aB_*%'!"), max_size=6), st.lists(wildcards, max_size=3))
def test_patterns_of_a_list(ask: Ask, text: str, listed: list[str]) -> None:
    """Text is held against each pattern of a list, with * for wildcard or as it is, NOT LIKE as well."""
    array = f"CAST(ARRAY[{', '.join(quoted(item) for item in listed)}] AS array(varchar))"
    pattern = "replace(replace(p, '_', '!_'), '*', '%')"
    of_roles = [re.fullmatch(as_regex(item, star=True), text) is not None for item in listed]
    of_like = [re.fullmatch(as_regex(item, star=False), text) is not None for item in listed]
    assert ask(f"any_match({array}, p -> request LIKE {pattern} ESCAPE '!')", [text]) is any(of_roles)
    assert ask(f"none_match({array}, p -> request LIKE {pattern} ESCAPE '!')", [text]) is not any(of_roles)
    assert ask(f"all_match({array}, p -> request LIKE p)", [text]) is all(of_like)
    assert ask(f"any_match({array}, p -> request NOT LIKE p)", [text]) is not all(of_like)
    assert ask(f"any_match({array}, p -> request LIKE {pattern} ESCAPE '!')", [None]) is (None if listed else False)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["a", "b", "zz", None]), st.lists(st.sampled_from("abcd"), max_size=4), st.integers(0, 80))
def test_lists_of_any_length_answer_alike(ask: Ask, value: str | None, listed: list[str], more: int) -> None:
    """What a list holds does not depend on how many other elements it has, rows or text."""
    every = [*listed, *(f"other {number}" for number in range(more))]
    texts = f"CAST(ARRAY[{', '.join(map(quoted, every))}] AS array(varchar))"
    rows = ", ".join(f"ROW({quoted(item)}, 1)" for item in every)
    table = f"CAST(ARRAY[{rows}] AS array(row(name varchar, n bigint)))"
    expected = False if not every else None if value is None else value in every
    assert ask(f"any_match({texts}, x -> x = request)", [value]) is expected
    assert ask(f"any_match({table}, x -> x.name = request AND x.n = 1)", [value]) is expected
    assert ask(f"contains({texts}, request)", [value]) is (None if value is None else value in every)


def test_a_lambda_within_a_lambda_keeps_its_own_name(ask: Ask) -> None:
    """An inner parameter of the same name hides the outer one."""
    inner = "any_match(ARRAY['b'], x -> x = request)"
    assert ask(f"any_match(ARRAY['a'], x -> {inner})", ["b"]) is True
    assert ask(f"any_match(ARRAY['a'], x -> {inner})", ["a"]) is False


def quoted(text: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("ab/"), max_size=6), st.integers(-8, 8), st.integers(-2, 8))
def test_parts_of_text(ask: Ask, text: str, start: int, length: int) -> None:
    """Parts count from 1, or from the end, and gives no text where it starts outside."""
    assume(start != 0)
    first = start - 1 if start > 0 else len(text) + start
    inside = 0 <= first < len(text)
    assert ask(f"substr(request, {start})", [text]) == (text[first:] if inside else "")
    assert ask(f"substr(request, {start}, {length})", [text]) == (
        text[first : first + max(length, 0)] if inside else ""
    )


@given(st.text())
def test_any_text_is_a_pattern_or_refused(pattern: str) -> None:
    """The reader of patterns takes any text; what it allows is a pattern elsewhere too, of as many groups."""
    with suppress(PatternError):
        assert len(read_pattern(pattern).groups) == re.compile(pattern.replace(r"\z", r"\Z")).groups
