"""The shipped editions map what they claim: all that can be asked is, and conditions fit the queries."""

from collections.abc import Iterator

from comprova.catalog.catalog import load_catalog
from comprova.catalog.framework import PARAMETER_PREFIX, Bearing, Coverage, Requirement
from comprova.catalog.needs import is_need
from comprova.catalog.query import QueryBlock
from comprova.content import builtin_root

CATALOG = load_catalog([builtin_root()])
EDITIONS = ("gdpr-2016", "hipaa-2013", "lgpd-2018", "pci-dss-4.0.1")

_PCI_DSS_ENTRIES = 256
"""Every numbered requirement of 1 to 8, 10 to 12, A1 and A3, and the sections of 9 and A2."""


def _requirements() -> Iterator[tuple[str, Requirement]]:
    for key in EDITIONS:
        for requirement in CATALOG.frameworks[key].requirement:
            yield f"{key} {requirement.id}", requirement


def _blocks(requirement: Requirement, bearing: Bearing | None = None) -> tuple[QueryBlock, ...]:
    """Return what the queries of a requirement say of themselves; with a bearing, those that bear so."""
    return tuple(
        CATALOG.queries[item.ref].block for item in requirement.evidence if bearing is None or item.bearing is bearing
    )


def _conditions(blocks: tuple[QueryBlock, ...]) -> set[str]:
    """Return what must hold before queries can be judged: their needs, and the parameters that have no default."""
    needs = {need for block in blocks for need in block.needs}
    parameters = {name for block in blocks for name in block.parameters if CATALOG.parameters[name].required}
    return needs | {f"{PARAMETER_PREFIX}{name}" for name in parameters}


def test_every_requirement_that_cloudtrail_can_show_is_asked_about() -> None:
    """None is left out."""
    unasked = [
        where
        for where, requirement in _requirements()
        if requirement.coverage is not Coverage.NONE and not requirement.evidence
    ]
    assert unasked == []


def test_what_a_proving_query_waits_for_its_requirement_waits_for() -> None:
    """A requirement is not judged on events that were not logged, or lists that were not given."""
    missing = {}
    for where, requirement in _requirements():
        lacking = _conditions(_blocks(requirement, Bearing.PROVES)) - set(requirement.evaluable_if)
        if lacking:
            missing[where] = sorted(lacking)
    assert missing == {}


def test_a_requirement_waits_for_nothing_that_its_queries_do_not_ask_for() -> None:
    """A condition that no query has would leave the requirement unjudged for no reason.

    Where what proves it reads the logs as such, and so needs no events, it says itself which events it is about.
    """
    idle = {}
    for where, requirement in _requirements():
        blocks, proving = _blocks(requirement), _blocks(requirement, Bearing.PROVES)
        if proving and not any(block.needs for block in proving):
            continue
        parameters = {f"{PARAMETER_PREFIX}{name}" for block in blocks for name in block.parameters}
        asked = _conditions(blocks) | parameters
        named = {item for item in requirement.evaluable_if if is_need(item) or item.startswith(PARAMETER_PREFIX)}
        if named - asked:
            idle[where] = sorted(named - asked)
    assert idle == {}


def test_every_question_is_asked_for_some_requirement() -> None:
    """A question that bears on nothing is asked by no job."""
    mapped = {
        item.ref
        for edition in CATALOG.frameworks.values()
        for requirement in edition.requirement
        for item in requirement.evidence
    }
    assert [str(query.ref) for query in CATALOG.current if query.ref not in mapped] == []


def test_the_requirements_of_pci_dss_stand_in_their_order() -> None:
    """An auditor looks a requirement up by its number; appendices follow the twelve."""
    ids = [requirement.id for requirement in CATALOG.frameworks["pci-dss-4.0.1"].requirement]
    assert len(ids) == _PCI_DSS_ENTRIES
    assert ids == sorted(ids, key=lambda id_: (id_[0] == "A", [int(part) for part in id_.lstrip("A").split(".")]))
