"""A pack names its queries at exact versions."""

import pytest

from comprova.catalog.pack import Pack
from comprova.catalog.query import QueryRef
from comprova.catalog.toml_reader import read_toml
from comprova.errors import Problem
from content_builder import pack_file

GOOD = pack_file("identity", ("identity.a@1", "identity.b@12"))


def test_a_pack_keeps_the_order_of_its_queries() -> None:
    """The order is that in which documents show them."""
    pack = read_toml(GOOD, Pack, "pack.toml")
    assert isinstance(pack, Pack)
    assert pack.refs == (QueryRef("identity.a", 1), QueryRef("identity.b", 12))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            'id = "identity"',
            'id = "Identity"',
            Problem(
                "pack.toml:1", "`id` to be an id of small letters, such as identity or acme.identity", "'Identity'"
            ),
        ),
        (
            '"identity.a@1"',
            '"identity.a"',
            Problem(
                "pack.toml:5",
                "`queries.0` to be a query and its version, such as identity.root_activity@1",
                "'identity.a'",
            ),
        ),
        (
            '"identity.b@12"',
            '"identity.a@2"',
            Problem("pack.toml:5", "each query once in `queries`", "identity.a more than once"),
        ),
        (
            'version = "1.0.0"\ndate',
            'version = "1.0.1"\ndate',
            Problem("pack.toml:10", "the first changelog entry to be of version 1.0.0", "1.0.1"),
        ),
        (
            '"1.0.0"\ntitle',
            '"1.0"\ntitle',
            Problem("pack.toml:2", "`version` to be a version such as '1.0.0'", "'1.0'"),
        ),
        (
            "date = 2026-10-01",
            'date = "2026-10-01"',
            Problem("pack.toml:12", "`changelog.0.date` to be a date (2026-10-12, without quotes)", "'2026-10-01'"),
        ),
        ('pt_BR = "Primeira."\n', "", Problem("pack.toml:10", "the key `changelog.0.pt_BR`", "none")),
        (
            'en = "First."',
            'en = "First."\nfr = "x"',
            Problem("pack.toml:14", "only known keys (version, date, en, pt_BR)", "`changelog.0.fr`"),
        ),
    ],
)
def test_what_a_pack_must_not_say(old: str, new: str, problem: Problem) -> None:
    """Each fault is told once, in words, at its line."""
    assert old in GOOD
    assert read_toml(GOOD.replace(old, new, 1), Pack, "pack.toml") == [problem]
