"""Faults in content files are reported at their line, all at once."""

from typing import Annotated

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
