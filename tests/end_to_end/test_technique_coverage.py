"""What the packs show of the attack techniques of a labelled data set stays as it is written down, with its reasons."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from case_bench import QUERIES, read_query_file
from comprova.catalog.query import Kind, QueryRef
from end_to_end.real_logs_job import REAL_LOGS, Asked, run_over
from end_to_end.techniques import coverage, technique_events

EXPECTED = Path(__file__).with_name("technique_coverage.toml")
DATA_SET = "stratus_grimoire"
DAYS = (date(2024, 7, 30), date(2024, 11, 30))
PACKS_BY_CIRCUMSTANCE = frozenset({"behaviour", "hours", "logs", "places"})
"""Packs that list a call for its tool, hour, address or delivery, whatever it did: they show nothing of a technique."""
BY_ACTOR = frozenset(
    {
        "identity.dormant_identities",
        "identity.leaver_activity",
        "privileged.admin_actions",
        "privileged.break_glass_use",
        "privileged.manual_changes",
        "signin.changes_without_mfa",
        "signin.shared_identities",
    }
)
"""Queries that list a call for who made it and how they signed in, whatever it did: they show nothing of one either."""


def _queries() -> list[str]:
    """Return every current query that lists or names events for what they did: exceptions and populations."""
    packs = (tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(QUERIES.glob("*/pack.toml")))
    refs = [QueryRef.parse(ref) for pack in packs if pack["id"] not in PACKS_BY_CIRCUMSTANCE for ref in pack["queries"]]
    return [str(ref) for ref in refs if ref.id not in BY_ACTOR and read_query_file(ref).block.kind is not Kind.METRIC]


def _expected() -> Mapping[str, Mapping[str, list[str] | str]]:
    return tomllib.loads(EXPECTED.read_text(encoding="utf-8"))


def test_every_technique_is_shown_or_says_why_not() -> None:
    """An entry has either the queries that show the technique or the reason why none does."""
    faults = [
        technique
        for technique, entry in _expected().items()
        if set(entry) not in ({"shown_by"}, {"not_shown"}) or not all(entry.values())
    ]
    assert not faults


@pytest.mark.skipif(REAL_LOGS is None, reason="COMPROVA_REAL_LOGS names no folder of real logs")
def test_the_queries_show_the_techniques_that_are_written_down(tmp_path: Path) -> None:
    """Without any parameter set, each technique is shown by exactly the queries of its entry."""
    logs = Path(str(REAL_LOGS)) / DATA_SET
    results = run_over(tmp_path, logs, DAYS, Asked(_queries(), parameters={}))
    shown = coverage(results, technique_events(logs / "LABELS.csv"))
    assert shown == {technique: entry.get("shown_by", []) for technique, entry in _expected().items()}
