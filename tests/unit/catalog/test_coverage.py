"""What editions ask for, counted once for the command line and the pages of docs/."""

from pathlib import Path

from comprova.catalog.catalog import load_catalog
from comprova.catalog.coverage import coverage_of, mapped_nowhere
from comprova.catalog.framework import Coverage
from content_builder import BUILTIN, FRAMEWORK, PROJECT, changed, write_root


def test_requirements_and_queries_are_counted_by_edition(tmp_path: Path) -> None:
    """Each level is there, with none too; a query counts once for each requirement on which it bears."""
    roots = (write_root(tmp_path / "builtin", BUILTIN), write_root(tmp_path / "project", PROJECT, builtin=False))
    policy, acts = coverage_of(load_catalog(roots))
    assert (policy.framework.key, acts.framework.key) == ("acme.policy-1", "acts-2026")
    assert acts.levels == {Coverage.FULL: 1, Coverage.PARTIAL: 0, Coverage.SUPPORTING: 1, Coverage.NONE: 1}
    assert acts.asked == 2
    assert acts.requirements == {"identity.key_age@1": ("2",), "identity.root_use@1": ("1",)}
    assert acts.left_out == ("acme.visits.visits@1",)
    assert policy.left_out == ("identity.root_use@1", "identity.key_age@1")


def test_what_no_edition_asks_for_is_named(tmp_path: Path) -> None:
    """A question that bears on nothing is asked by no job."""
    both = write_root(tmp_path / "both", BUILTIN)
    one = write_root(tmp_path / "one", changed(BUILTIN, FRAMEWORK, "identity.key_age@1", "identity.root_use@1"))
    assert mapped_nowhere(load_catalog([both])) == ()
    assert mapped_nowhere(load_catalog([one])) == ("identity.key_age@1",)
