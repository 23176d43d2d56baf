"""Where a run goes on, and when it needs a new revision."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.errors import ComprovaError
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import RunLayout
from comprova.evidence.outcomes import Outcome
from comprova.jobs.ledger import Attempt, Ledger, QueryEntry, read_ledger, write_ledger
from comprova.jobs.revisions import choose_revision, fingerprint_of, newest_revision

INPUTS = {"logs": "a", "queries": "b", "comprova": "0.1.0"}
LATE = {**INPUTS, "logs": "late"}


def make_revision(folder: Path, number: int, inputs: Mapping[str, str] | None = None, *, sealed: bool = False) -> None:
    """Make a revision as a run leaves it; without inputs it has no ledger."""
    layout = RunLayout(folder / f"r{number}")
    layout.root.mkdir(parents=True)
    if inputs is not None:
        ledger = Ledger(
            job="monthly",
            period="2026-10",
            revision=number,
            comprova="0.1.0",
            fingerprint=fingerprint_of(inputs),
            inputs=inputs,
            engine="duckdb",
            attempts=(Attempt(started=datetime(2026, 11, 4, tzinfo=UTC)),),
        )
        write_ledger(ledger, layout.ledger)
    if sealed:
        write_whole(layout.evidence.manifest, b"")


def chosen(
    folder: Path, inputs: Mapping[str, str] = INPUTS, earlier: str = "", *, revise: bool = False
) -> tuple[str, bool, bool]:
    """Return the folder of the revision that a run goes on with, whether it has a ledger, and whether it is sealed."""
    revision = choose_revision(folder, inputs, earlier, revise=revise)
    assert revision.layout.root.name == f"r{revision.number}"
    return revision.layout.root.name, revision.ledger is not None, revision.sealed


@pytest.mark.parametrize("revise", [False, True])
def test_the_first_run(tmp_path: Path, revise: bool) -> None:  # noqa: FBT001 - the option
    """Where there is nothing, r1 begins; asking for a revision changes nothing."""
    assert chosen(tmp_path / "none", revise=revise) == ("r1", False, False)


@pytest.mark.parametrize("revise", [False, True])
def test_the_same_inputs_go_on(tmp_path: Path, revise: bool) -> None:  # noqa: FBT001 - the option
    """An interrupted revision is completed and a sealed one left as it is, with --revise too."""
    make_revision(tmp_path, 1, INPUTS)
    assert chosen(tmp_path, revise=revise) == ("r1", True, False)
    write_whole(RunLayout(tmp_path / "r1").evidence.manifest, b"")
    assert chosen(tmp_path, revise=revise) == ("r1", True, True)


def test_other_inputs_beside_an_unsealed_revision(tmp_path: Path) -> None:
    """What was asked of other logs is not mixed with new answers: a new revision begins."""
    make_revision(tmp_path, 1, INPUTS)
    assert chosen(tmp_path, LATE) == ("r2", False, False)


def test_other_inputs_beside_a_sealed_revision_want_the_users_word(tmp_path: Path) -> None:
    """Late logs make r2 beside r1 only with --revise; without it, what changed is named."""
    make_revision(tmp_path, 1, INPUTS, sealed=True)
    with pytest.raises(ComprovaError) as raised:
        chosen(tmp_path, {**LATE, "report": "new"})
    [problem] = raised.value.problems
    assert problem.found == "other logs, report"
    assert problem.hint == "Run again with --revise to make r2 beside it."
    assert chosen(tmp_path, LATE, revise=True) == ("r2", False, False)


@pytest.mark.parametrize("order", [(1, 9, 10), (10, 9, 1), (9, 10, 1)])
def test_the_newest_revision_decides(tmp_path: Path, order: tuple[int, ...]) -> None:
    """Older revisions stay as they are, whatever their inputs and their order in the folder; r10 is newer than r9."""
    for number in order:
        make_revision(tmp_path, number, INPUTS if number == max(order) else LATE, sealed=True)
    assert chosen(tmp_path) == ("r10", True, True)
    assert chosen(tmp_path, LATE, revise=True) == ("r11", False, False)


def test_sealed_evidence_without_a_ledger_is_never_passed_over(tmp_path: Path) -> None:
    """Nobody can tell of which inputs it is, so the user decides."""
    make_revision(tmp_path, 1, sealed=True)
    with pytest.raises(ComprovaError, match=r"found no run\.json that tells them\. Run again with --revise"):
        chosen(tmp_path)
    assert chosen(tmp_path, revise=True) == ("r2", False, False)


def test_a_revision_that_never_began_is_begun(tmp_path: Path) -> None:
    """A run that was killed before it wrote its ledger left an empty folder; no number is passed over."""
    make_revision(tmp_path, 1)
    assert chosen(tmp_path) == ("r1", False, False)


def test_evidence_without_a_ledger_is_left(tmp_path: Path) -> None:
    """Nobody can tell of which inputs unsealed answers are, so they are neither used nor sealed."""
    make_revision(tmp_path, 1)
    RunLayout(tmp_path / "r1").evidence.root.mkdir()
    assert chosen(tmp_path) == ("r2", False, False)


def test_other_files_are_no_revisions(tmp_path: Path) -> None:
    """Only folders named r1, r2 … count."""
    for name in ("r0", "r01", "r-1", "rx", "r1.bak", "run"):
        (tmp_path / name).mkdir()
    (tmp_path / "r7").write_text("a file", encoding="utf-8")
    assert newest_revision(tmp_path) is None


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)


@given(st.dictionaries(texts, texts, max_size=3), st.dictionaries(texts, texts, max_size=3))
def test_fingerprints_tell_inputs_apart(left: dict[str, str], right: dict[str, str]) -> None:
    """Two sets of inputs have the same fingerprint only if they are the same, in whatever order."""
    assert (fingerprint_of(left) == fingerprint_of(right)) == (left == right)
    assert fingerprint_of(dict(reversed(left.items()))) == fingerprint_of(left)


def test_fingerprints_keep_names_and_values_apart() -> None:
    """Values come from engines and files, and may hold what separates parts."""
    assert fingerprint_of({"a": "b c"}) != fingerprint_of({"a b": "c"})
    assert fingerprint_of({"a": "1\nb 2"}) != fingerprint_of({"a": "1", "b": "2"})


def test_asking_again_what_failed_makes_a_revision(tmp_path: Path) -> None:
    """Sealed evidence in which a query failed stays; --revise asks the same questions again beside it."""
    make_revision(tmp_path, 1, INPUTS, sealed=True)
    layout = RunLayout(tmp_path / "r1")
    ledger = read_ledger(layout.ledger)
    assert ledger is not None
    failed = {"pack.name": QueryEntry(outcome=Outcome.FAILED, message="no memory", seconds=1.0)}
    write_ledger(ledger.model_copy(update={"queries": failed}), layout.ledger)
    assert chosen(tmp_path) == ("r1", True, True)
    assert chosen(tmp_path, revise=True) == ("r2", False, False)


@pytest.mark.parametrize(("sealed", "revised"), [(False, ("r1", True, False)), (True, ("r2", False, False))])
def test_another_month_before_is_no_reason_to_ask_again(
    tmp_path: Path,
    sealed: bool,  # noqa: FBT001 - one of two cases
    revised: tuple[str, bool, bool],
) -> None:
    """No answer depends on it: what is open goes on, what is sealed stays; --revise compares again, beside it."""
    make_revision(tmp_path, 1, INPUTS, sealed=sealed)
    assert chosen(tmp_path, earlier="2026-09 r2 seal") == ("r1", True, sealed)
    assert chosen(tmp_path, earlier="2026-09 r2 seal", revise=True) == revised
