"""Rows of a document are shared out among its questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.documents.limits import shares


@pytest.mark.parametrize(
    ("wanted", "most", "given"),
    [
        ([], 10, []),
        ([3, 4], 10, [3, 4]),
        ([200, 200, 3], 103, [50, 50, 3]),
        ([0, 200, 200, 200], 500, [0, 166, 167, 167]),
        ([200, 200], 0, [0, 0]),
    ],
)
def test_who_wants_few_gets_all(wanted: list[int], most: int, given: list[int]) -> None:
    """The others share the rest, as equally as whole rows can be."""
    assert shares(wanted, most) == given


@given(st.lists(st.integers(0, 2000), max_size=60), st.integers(0, 5000))
def test_the_whole_is_bounded_and_used(wanted: list[int], most: int) -> None:
    """Nobody gets more than wanted, all together as much as there is, and nobody less than a smaller one."""
    given = shares(wanted, most)
    assert sum(given) == min(most, sum(wanted))
    assert all(got <= want for got, want in zip(given, wanted, strict=True))
    cut = [got for got, want in zip(given, wanted, strict=True) if got < want]
    assert not cut or max(given) - min(cut) <= 1
