"""Faults in content files are reported at their line, all at once."""

from collections.abc import Mapping
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from comprova.catalog.toml_lines import line_of
from comprova.catalog.toml_reader import Block, read_toml
from comprova.errors import Problem


class Item(Block):
    """An element of a list."""

    name: str
    count: Annotated[int, Field(ge=1)]


class Sheet(Block):
    """A whole file."""

    id: str
    item: tuple[Item, ...] = ()


def problems(text: str, first_line: int = 1) -> list[Problem]:
    """Return what is wrong with a text."""
    result = read_toml(text, Sheet, "x.toml", first_line)
    assert isinstance(result, list), "nothing was wrong"
    return result


def test_a_good_file_becomes_a_value() -> None:
    """What is as it should be is read whole."""
    sheet = read_toml('id = "a"\n[[item]]\nname = "n"\ncount = 2\n', Sheet, "x.toml")
    assert sheet == Sheet(id="a", item=(Item(name="n", count=2),))


def test_every_problem_stands_at_its_line() -> None:
    """Problems of several elements of an array of tables are told apart by line."""
    text = 'id = 7\n\n[[item]]\nname = "a"\ncount = 0\n\n[[item]]\nname = "b"\ncount = "1"\nextra = 1\n'
    found = {problem.where: problem for problem in problems(text)}
    assert sorted(found) == ["x.toml:1", "x.toml:10", "x.toml:5", "x.toml:9"]
    assert found["x.toml:10"].found == "`item.1.extra`"
    assert found["x.toml:5"].found == "0"


def test_a_missing_key_is_named() -> None:
    """A missing key is told at the table that lacks it."""
    assert problems('id = "a"\n[[item]]\nname = "b"\n') == [Problem("x.toml:2", "the key `item.0.count`", "none")]


def test_a_block_inside_another_file_counts_its_lines() -> None:
    """The block of a query file starts on its second line."""
    assert problems("id = 7\n", first_line=2)[0].where == "x.toml:2"


def test_broken_toml_is_told_with_its_line() -> None:
    """A syntax error is a problem like any other."""
    assert problems('id = "a"\nnonsense\n')[0].where == "x.toml:2"


@given(st.text())
def test_no_text_raises(text: str) -> None:
    """Whatever a file holds, the answer is a value or a list of problems."""
    result = read_toml(text, Sheet, "x.toml")
    assert isinstance(result, Sheet | list)


@given(st.text(), st.lists(st.one_of(st.integers(0, 9), st.text(max_size=5)), max_size=4))
def test_a_line_is_always_one_of_the_file(text: str, path: list[int | str]) -> None:
    """A reported line exists, however strange the text and the path."""
    assert 1 <= line_of(text, path) <= max(1, len(text.splitlines()))


class Disc(Block):
    """A table of one kind."""

    kind: Literal["disc"]
    minutes: int


class Book(Block):
    """A table of another kind."""

    kind: Literal["book"]
    pages: tuple[Item, ...] = ()
    size: int | Literal["any"] = "any"


class Library(Block):
    """A file with a table of one of two kinds."""

    thing: Annotated[Disc | Book, Field(discriminator="kind")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[thing]\nkind = "disc"\n', Problem("x.toml:1", "the key `thing.minutes`", "none")),
        ("[thing]\nminutes = 1\n", Problem("x.toml:1", "the key `thing.kind`", "none")),
        ('[thing]\nkind = "map"\n', Problem("x.toml:2", "`thing.kind` to be 'disc' or 'book'", "'map'")),
        ('thing = "disc"\n', Problem("x.toml:1", "`thing` to be a table", "'disc'")),
        ('[thing]\nkind = "disc"\nminutes = "x"\n', Problem("x.toml:3", "`thing.minutes` to be a whole number", "'x'")),
        (
            '[thing]\nkind = "book"\nminutes = 1\n',
            Problem("x.toml:3", "only known keys (kind, pages, size)", "`thing.minutes`"),
        ),
        (
            '[thing]\nkind = "book"\n[[thing.pages]]\nname = "n"\ncount = 0\n',
            Problem("x.toml:5", "`thing.pages.0.count` to be 1 or more", "0"),
        ),
        (
            '[thing]\nkind = "book"\nsize = "x"\n',
            Problem("x.toml:3", "`thing.size` to be a whole number or 'any'", "'x'"),
        ),
    ],
)
def test_a_table_of_one_of_several_kinds_is_told_like_any_other(text: str, expected: Problem) -> None:
    """Its kind decides which keys there are, and never stands in a path."""
    assert read_toml(text, Library, "x.toml") == [expected]


class Shelf(Block):
    """A file with a value of several kinds, a table, and a list of lists."""

    limit: Annotated[int, Field(ge=1)] | str | tuple[int, ...] = 0
    sheet: Sheet | None = None
    sheets: tuple[Sheet, ...] = ()
    by_name: Mapping[str, Item] = {}


def shelf_problems(text: str) -> list[Problem]:
    """Return what is wrong with a shelf."""
    result = read_toml(text, Shelf, "x.toml")
    assert isinstance(result, list), "nothing was wrong"
    return result


@pytest.mark.parametrize(
    ("text", "where", "known", "found", "hint"),
    [
        ("limits = 1\n", "x.toml:1", "limit, sheet, sheets, by_name", "`limits`", "Was `limit` meant?"),
        ('[sheet]\nid = "a"\nx = 1\n', "x.toml:3", "id, item", "`sheet.x`", ""),
        (
            '[sheet]\nid = "a"\n[[sheet.item]]\nname = "n"\ncount = 1\nname2 = "m"\n',
            "x.toml:6",
            "name, count",
            "`sheet.item.0.name2`",
            "Was `name` meant?",
        ),
        ('sheets = [{ id = "a", x = 1 }]\n', "x.toml:1", "id, item", "`sheets.0.x`", ""),
        ('[by_name.a]\nname = "n"\ncount = 1\nx = 1\n', "x.toml:4", "name, count", "`by_name.a.x`", ""),
    ],
)
def test_an_unknown_key_names_the_keys_known_at_its_place(
    text: str, where: str, known: str, found: str, hint: str
) -> None:
    """Inside a table, an optional one, a list or a mapping, the keys of that element are told."""
    assert shelf_problems(text) == [Problem(where, f"only known keys ({known})", found, hint)]


@pytest.mark.parametrize(
    ("value", "found"),
    [("1.5", "1.5"), ("true", "true"), ("2026-10-12", "2026-10-12"), ("{ a = [1] }", "{a = [1]}"), ('["a"]', "['a']")],
)
def test_a_value_that_is_none_of_several_kinds_is_one_problem(value: str, found: str) -> None:
    """The alternatives are told in one sentence, and the value nearly as it stands in the file."""
    [problem] = shelf_problems(f"limit = {value}\n")
    assert problem.expected.startswith("`limit` to be a whole number")
    assert " or a list" in problem.expected
    assert problem.found == found


def test_a_missing_table_key_is_told_beside_its_siblings() -> None:
    """Where a table is written with dots there is no heading to point at."""
    assert shelf_problems("limit = 1\nsheet.item = []\n") == [Problem("x.toml:2", "the key `sheet.id`", "none")]


def test_a_text_where_a_table_belongs_is_answered_with_its_keys() -> None:
    """The keys of the table are told, not the name of a class."""
    [problem] = shelf_problems('sheet = "a"\n')
    assert problem == Problem("x.toml:1", "`sheet` to be a table with id, item", "'a'")


def test_a_long_value_is_cut() -> None:
    """A message stays readable whatever stands in the file, and shows no control character raw."""
    [problem] = problems(f'id = ["{"x" * 500}\\u202e"]\n')
    assert len(problem.found) <= 80
    [problem] = problems('id = ["\\u202e"]\n')
    assert problem.found == "['\\u202e']"


def test_lists_without_end_are_told() -> None:
    """A file that no parser can hold is told like any other that is wrong."""
    [problem] = problems("id = " + "[" * 100_000)
    assert problem.expected == "lists and tables in at most a few others"


def test_line_separators_in_a_text_do_not_move_the_lines() -> None:
    """A line ends where editors end it."""
    assert problems('id = "a\u2028b"\n\n[[item]]\nname = "n"\ncount = 0\n')[0].where == "x.toml:5"


def test_a_text_that_ends_too_early_is_told_at_its_end() -> None:
    """What is missing is missing at the last line."""
    assert problems('id = "a"\nitem = [\n')[0].where == "x.toml:2"
