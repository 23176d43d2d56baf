"""How much of each edition is asked for: requirements by coverage, and which queries bear on it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from comprova.catalog.catalog import Catalog
from comprova.catalog.framework import Coverage, Framework


@dataclass(frozen=True, slots=True)
class EditionCoverage:
    """One edition.

    Attributes:
        framework: The edition.
        levels: Requirements by coverage, every level.
        asked: Requirements that have queries.
        requirements: By query, such as `identity.root_activity@1`, the requirements on which it bears, in their order.
        left_out: Current queries that bear on none of its requirements, by pack.
    """

    framework: Framework
    levels: Mapping[Coverage, int]
    asked: int
    requirements: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]


def coverage_of(catalog: Catalog) -> tuple[EditionCoverage, ...]:
    """Return the coverage of each edition, by key."""
    return tuple(_coverage(edition, catalog) for _, edition in sorted(catalog.frameworks.items()))


def _coverage(edition: Framework, catalog: Catalog) -> EditionCoverage:
    levels = Counter(item.coverage for item in edition.requirement)
    bearing: dict[str, list[str]] = {}
    for item in edition.requirement:
        for evidence in item.evidence:
            bearing.setdefault(evidence.query, []).append(item.id)
    return EditionCoverage(
        framework=edition,
        levels={level: levels[level] for level in Coverage},
        asked=sum(1 for item in edition.requirement if item.evidence),
        requirements={query: tuple(ids) for query, ids in sorted(bearing.items())},
        left_out=tuple(str(query.ref) for query in catalog.current if str(query.ref) not in bearing),
    )


def mapped_nowhere(catalog: Catalog) -> tuple[str, ...]:
    """Return the current queries that bear on no requirement of any edition, by pack."""
    mapped = {query for edition in coverage_of(catalog) for query in edition.requirements}
    return tuple(str(query.ref) for query in catalog.current if str(query.ref) not in mapped)
