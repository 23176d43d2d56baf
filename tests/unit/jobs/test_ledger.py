"""The ledger of a run is read back as it was written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from comprova.errors import ComprovaError
from comprova.evidence.outcomes import Outcome
from comprova.jobs.ledger import Attempt, Ledger, QueryEntry, Status, read_ledger, write_ledger

STARTED = datetime(2026, 11, 4, 3, 0, 0, 123_000, UTC)

LEDGER = Ledger(
    job="monthly",
    period="2026-10",
    revision=2,
    comprova="0.1.0",
    fingerprint="f" * 64,
    inputs={"logs": "a", "engine": "duckdb 2.0.0"},
    engine="duckdb 2.0.0",
    status=Status.RENDERED,
    attempts=(Attempt(started=STARTED), Attempt(started=STARTED, ended=STARTED)),
    queries={
        "identity.root_use": QueryEntry(rows=3, parquet_sha256="a" * 64, seconds=0.25),
        "identity.key_age": QueryEntry(
            outcome=Outcome.FAILED, message="línea\n<b>", execution_id="id", bytes_read=2**60, seconds=1.0
        ),
    },
    sealed_at=STARTED,
    seal="b" * 64,
)


def test_round_trip(tmp_path: Path) -> None:
    """Every field comes back, numbers beyond what JSON carries exactly included; writing again makes the same bytes."""
    path = tmp_path / "r2" / "run.json"
    write_ledger(LEDGER, path)
    first = path.read_bytes()
    assert read_ledger(path) == LEDGER
    write_ledger(LEDGER, path)
    assert path.read_bytes() == first


def test_no_ledger_is_none(tmp_path: Path) -> None:
    """A revision that was never begun has none."""
    assert read_ledger(tmp_path / "run.json") is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 2}', "\x00"])
def test_what_is_no_ledger(tmp_path: Path, text: str) -> None:
    """A damaged ledger is named, with what to do; nothing goes on from it."""
    path = tmp_path / "run.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ComprovaError, match=r"run\.json: expected a run ledger, .*Move the folder away"):
        read_ledger(path)


def test_a_ledger_with_unknown_keys_is_refused(tmp_path: Path) -> None:
    """A ledger of another version of the tool is not half understood."""
    path = tmp_path / "run.json"
    write_ledger(LEDGER, path)
    path.write_text(path.read_text(encoding="utf-8").replace('"engine"', '"machine"', 1), encoding="utf-8")
    with pytest.raises(ComprovaError, match="expected a run ledger"):
        read_ledger(path)
