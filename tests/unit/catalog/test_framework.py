"""What an edition says of a requirement's coverage, and what is mapped to it, must agree."""

from itertools import product

import pytest

from comprova.catalog.framework import Coverage, Framework
from comprova.catalog.toml_reader import read_toml
from comprova.errors import Problem
from content_builder import framework_file, mapped, requirement, text_of

PROVES = '{ query = "identity.a@1", bearing = "proves" }'
SUPPORTS = '{ query = "identity.b@1", bearing = "supports" }'
MAPPINGS = {"nothing": "", "supports": SUPPORTS, "proves": PROVES, "both": f"{PROVES}, {SUPPORTS}"}


def read(*requirements: str) -> Framework | list[Problem]:
    """Read an edition with these requirements."""
    return read_toml(framework_file("acts", "2026", *requirements), Framework, "acts-2026.toml")


def stated(coverage: str, mapping: str, *, elsewhere: bool, why: bool) -> str:
    """Return a requirement that says this of itself."""
    lines = [f'coverage = "{coverage}"', f"evidence = [{MAPPINGS[mapping]}]"]
    lines += ['elsewhere = "manual"'] if elsewhere else []
    return requirement("1", "\n".join(lines) + "\n" + (text_of("why") if why else ""))


AGREEING = {
    ("full", "proves"),
    ("full", "both"),
    ("partial", "proves"),
    ("partial", "both"),
    ("supporting", "supports"),
    ("none", "nothing"),
}
"""Coverage and what is mapped: what may stand together."""


def test_coverage_and_bearing_agree() -> None:
    """Full and partial need a proving query, supporting ones only support, and none has nothing at all."""
    accepted = {
        (coverage, mapping)
        for coverage, mapping in product([item.value for item in Coverage], MAPPINGS)
        if isinstance(read(stated(coverage, mapping, elsewhere=coverage == "none", why=True)), Framework)
    }
    assert accepted == AGREEING


@pytest.mark.parametrize("coverage", ["full", "partial", "supporting", "none"])
def test_elsewhere_stands_where_coverage_is_none_and_only_there(coverage: str) -> None:
    """Where CloudTrail shows nothing, the edition says where the evidence is."""
    mapping = {"none": "nothing", "supporting": "supports"}.get(coverage, "proves")
    results = {elsewhere: read(stated(coverage, mapping, elsewhere=elsewhere, why=True)) for elsewhere in (False, True)}
    assert isinstance(results[coverage == "none"], Framework)
    refused = results[coverage != "none"]
    assert isinstance(refused, list)
    assert "`elsewhere` (manual or out-of-reach)" in refused[0].expected


def test_only_full_coverage_needs_no_reason() -> None:
    """What CloudTrail does not show is said."""
    assert isinstance(read(stated("full", "proves", elsewhere=False, why=False)), Framework)
    refused = read(stated("partial", "proves", elsewhere=False, why=False))
    assert isinstance(refused, list)
    assert refused[0].expected == "a `why`, because coverage is not full (requirement 1)"


def test_disagreement_is_told_at_the_requirement_with_what_is_mapped() -> None:
    """A reader sees at once which requirement is meant and what it says."""
    good = requirement("1", mapped("identity.a@1"))
    bad = requirement("2.1", mapped("identity.a@1", "supports", "partial"))
    text = framework_file("acts", "2026", good, bad)
    expected = "a query that `proves`, because coverage is partial (requirement 2.1)"
    line = text.splitlines().index('id = "2.1"')
    assert read(good, bad) == [Problem(f"acts-2026.toml:{line}", expected, "coverage partial, identity.a@1 supports")]


def test_a_query_bears_once_on_a_requirement() -> None:
    """Two versions of one query, or one query twice, would count its rows twice."""
    twice = mapped("identity.a@1").replace("},\n]", '},\n  { query = "identity.a@2", bearing = "supports" },\n]')
    refused = read(requirement("1", twice))
    assert isinstance(refused, list)
    assert refused[0].expected == "each query once in `evidence` (requirement 1)"


def test_a_requirement_stands_once() -> None:
    """Every requirement of the edition has one row."""
    refused = read(requirement("1", mapped("identity.a@1")), requirement("1", mapped("identity.b@1")))
    assert isinstance(refused, list)
    assert (refused[0].expected, refused[0].found) == ("each requirement once", "1 more than once")


@pytest.mark.parametrize(
    "condition", ["kms", "management:read", "data:s3", "digest", "inventory", "parameter:approved"]
)
def test_conditions(condition: str) -> None:
    """A requirement may wait for a kind of event, digests, an inventory or a parameter."""
    assert isinstance(
        read(requirement("1", mapped("identity.a@1", more=f'evaluable_if = ["{condition}"]\n'))), Framework
    )


@pytest.mark.parametrize("condition", ["", "data:", "parameter:", "parameter:Approved", "digests", "management"])
def test_what_is_no_condition(condition: str) -> None:
    """Anything else is refused with what there is."""
    refused = read(requirement("1", mapped("identity.a@1", more=f'evaluable_if = ["{condition}"]\n')))
    assert isinstance(refused, list)
    assert "`parameter:<name>`" in refused[0].expected


def test_an_unknown_key_of_a_mapping_names_the_keys_known_there() -> None:
    """What is known of a mapping is told, not what is known of a framework."""
    refused = read(requirement("1", mapped("identity.a@1").replace('bearing = "proves"', 'bearing = "proves", n = 1')))
    assert isinstance(refused, list)
    assert [(item.expected, item.found) for item in refused] == [
        ("only known keys (query, bearing, because)", "`requirement.0.evidence.0.n`")
    ]


def group(*parents: str) -> str:
    """Return a part of an edition with these headings."""
    names = ", ".join(f'"{parent}"' for parent in parents)
    return f"\n[[group]]\n{text_of('title')}parents = [{names}]\n"


@pytest.mark.parametrize(
    ("groups", "expected", "found"),
    [
        ((("A",), ("A", "B")), "each parent in one group", "A in more than one"),
        ((("A",),), "a group for each parent", "none for B"),
        ((("A", "B", "C"),), "parents that requirements name", "C"),
    ],
)
def test_parts_hold_every_requirement_once(groups: tuple[tuple[str, ...], ...], expected: str, found: str) -> None:
    """An edition that names its parts leaves no requirement out of them, and names none that is empty."""
    first = requirement("1", mapped("identity.a@1"))
    second = requirement("2", mapped("identity.b@1")).replace('parent = "A"', 'parent = "B"')
    refused = read(*(group(*parents) for parents in groups), first, second)
    assert isinstance(refused, list)
    assert (refused[0].expected, refused[0].found) == (expected, found)
    assert isinstance(read(group("A"), group("B"), first, second), Framework)
    assert isinstance(read(first, second), Framework)


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ("effective_from = 2026-10-15\neffective_until = 2026-10-14\n", "2026-10-14"),
        ('effective_from = 2026-10-15\nsupersedes = "2026"\n', "'2026'"),
    ],
)
def test_an_edition_that_ends_before_it_begins_or_supersedes_itself_is_refused(dates: str, found: str) -> None:
    """Its days must leave it in force on one at least."""
    text = framework_file("acts", "2026", requirement("1", mapped("identity.a@1")), dates=dates)
    refused = read_toml(text, Framework, "acts-2026.toml")
    assert isinstance(refused, list)
    assert [problem.found for problem in refused] == [found]
