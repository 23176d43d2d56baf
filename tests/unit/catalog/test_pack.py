"""A pack names its queries at exact versions."""

import pytest

from comprova.catalog.pack import Pack
from comprova.catalog.query import QueryRef
from comprova.catalog.toml_reader import read_toml
from comprova.errors import ContentError, Problem
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
        ('en = "First."\n', "", Problem("pack.toml:10", "the key `changelog.0.en`", "none")),
        (
            'en = "First."',
            'en = "First."\nadded = "x"',
            Problem("pack.toml:14", "the name of a language, such as en, pt_BR or es", "'added'"),
        ),
    ],
)
def test_what_a_pack_must_not_say(old: str, new: str, problem: Problem) -> None:
    """Each fault is told once, in words, at its line."""
    assert old in GOOD
    assert read_toml(GOOD.replace(old, new, 1), Pack, "pack.toml") == [problem]


def entry(version: str, says: str) -> str:
    """Return one entry of a changelog."""
    return f'\n[[changelog]]\nversion = "{version}"\ndate = 2026-10-01\nen = "More."\npt_BR = "Mais."\n{says}'


def test_the_changelog_leads_back_to_every_version() -> None:
    """What a version added, replaced and removed is undone, newest first."""
    head, _, first = pack_file("identity", ("identity.a@3", "identity.c@1"), "3.0.0").partition("\n[[changelog]]")
    text = (
        head
        + entry("3.0.0", 'replaces = ["identity.a@2"]\nremoves = ["identity.b@1"]\n')
        + entry("2.1.1", "")
        + entry("2.1.0", 'adds = ["identity.c@1"]\n')
        + entry("2.0.0", 'replaces = ["identity.a@1"]\n')
        + "\n[[changelog]]"
        + first.replace("3.0.0", "1.0.0")
    )
    pack = read_toml(text, Pack, "pack.toml")
    assert isinstance(pack, Pack), pack
    assert {change.version: " ".join(map(str, pack.refs_of(change.version))) for change in pack.changelog} == {
        "3.0.0": "identity.a@3 identity.c@1",
        "2.1.1": "identity.a@2 identity.b@1 identity.c@1",
        "2.1.0": "identity.a@2 identity.b@1 identity.c@1",
        "2.0.0": "identity.a@2 identity.b@1",
        "1.0.0": "identity.a@1 identity.b@1",
    }
    with pytest.raises(ContentError, match="one of its versions"):
        pack.refs_of("1.1.0")
    silent = read_toml(text.replace('adds = ["identity.c@1"]\n', ""), Pack, "pack.toml")
    assert isinstance(silent, list)
    assert [problem.found for problem in silent] == ["nothing of the kind for 2.1.0"]
    wrong = read_toml(text.replace('adds = ["identity.c@1"]', 'adds = ["identity.d@1"]'), Pack, "pack.toml")
    assert isinstance(wrong, Pack)
    with pytest.raises(ContentError, match=r"changelog of 2\.1\.0: expected queries that this version has"):
        wrong.refs_of("1.0.0")
