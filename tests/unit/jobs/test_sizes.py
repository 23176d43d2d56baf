"""Sizes are read as people write them, and are decimal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.jobs.sizes import bytes_of, size_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500 GB", 500 * 10**9),
        ("1TB", 10**12),
        (" 1.5 TB ", 15 * 10**11),
        ("10000000 B", 10_000_000),
        ("999999 B", 999_999),
        ("0.001 kB", 1),
        ("3 KB", 3000),
        ("2 PB", 2 * 10**15),
        ("5", None),
        ("5 GiB", None),
        ("-5 GB", None),
        ("5 gb", None),
        ("1,5 GB", None),
        ("", None),
        ("\u0665 GB", None),
    ],
)
def test_a_size_is_read_or_refused(text: str, expected: int | None) -> None:
    """Nothing is guessed: a number without a unit is no size."""
    if expected is not None:
        assert bytes_of(text) == expected
        return
    with pytest.raises(ValueError, match=r"a size such as 500 GB or 1\.5 TB"):
        bytes_of(text)


@given(st.integers(0, 10**17))
def test_a_size_that_is_written_can_be_read(count: int) -> None:
    """To within the two decimals that are shown."""
    assert bytes_of(size_of(count)) == pytest.approx(count, rel=0.005)
