"""The demo, from generated logs to sixteen documents, as the README promises it."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyarrow import parquet

from comprova.content import builtin_root
from installed import Installed

RUN = Path("out/demo/2026-10/r1")
FRAMEWORKS = ("gdpr-2016", "hipaa-2013", "lgpd-2018", "pci-dss-4.0.1")


@pytest.fixture(scope="module")
def demo(comprova: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the demo once, and return the folder it ran in."""
    folder = tmp_path_factory.mktemp("demo")
    comprova("demo", cwd=folder)
    return folder


def found_names(run: Path) -> Iterator[str]:
    """Yield every event id and log file in a row of any query, lists of them included."""
    assessment = json.loads((run / "evidence" / "assessment.json").read_text())
    for query in assessment["queries"]:
        if query["rows"]:
            table = parquet.read_table(run / "evidence" / "results" / f"{query['id']}.parquet")
            for name in table.column_names:
                if name.endswith(("event_id", "event_ids", "log_file")):
                    for value in table[name].to_pylist():
                        yield from value if isinstance(value, list) else [value]


def asked(run: Path, incident: dict[str, Any]) -> bool:
    """Tell whether an edition asks for a query with a row that one of the incident's events or log files names."""
    assessment = json.loads((run / "evidence" / "assessment.json").read_text())
    named = {row["query"] for row in incident["rows"] if " " not in row["anchor"]} | set(incident["listed_in"])
    return not named.isdisjoint(query["id"] for query in assessment["queries"])


def digests(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_sixteen_documents(demo: Path) -> None:
    """Each framework has a PDF and an HTML file in each language, and a PDF says which language it is in."""
    names = {path.name for path in (demo / RUN / "documents").iterdir()}
    expected = {
        f"2026-10_{framework}_{language}.{suffix}"
        for framework in FRAMEWORKS
        for language in ("en", "pt_BR")
        for suffix in ("pdf", "html")
    }
    assert names - {"manifest-sha256.txt", "rendered-from.json"} == expected
    for name in sorted(name for name in expected if name.endswith(".pdf")):
        with pikepdf.open(demo / RUN / "documents" / name) as pdf:
            language = str(pdf.Root.Lang)
        assert name.endswith(f"_{language.replace('-', '_')}.pdf")


def test_the_overview_leads_to_every_document(demo: Path) -> None:
    """Each page beside the runs links every document of the last month, and names the months before."""
    names = {path.name for path in (demo / RUN / "documents").iterdir()} - {"manifest-sha256.txt", "rendered-from.json"}
    for page in ("index.html", "index_pt-BR.html"):
        text = (demo / "out" / page).read_text(encoding="utf-8")
        assert set(re.findall(r'href="demo/2026-10/r1/documents/([^"]+)"', text)) == names
        assert all(f"demo%2F{month}%2Fr1" in text for month in ("2026-08", "2026-09", "2026-10"))


def test_nothing_failed_and_the_logs_were_whole(demo: Path) -> None:
    """No query of the demo failed, no file was left out, and the control totals add up."""
    evidence = demo / RUN / "evidence"
    outcomes = {query["outcome"] for query in json.loads((evidence / "assessment.json").read_text())["queries"]}
    totals = json.loads((evidence / "totals.json").read_text())
    assert outcomes & {"failed", "not-run"} == set()
    assert set(totals["files"]) == {"read"}
    parts = ("in_period", "look_back", "duplicates", "outside", "undated")
    assert totals["read"] == sum(totals[part] for part in parts) > 60_000


def test_planted_incidents_are_found(demo: Path) -> None:
    """Every incident planted in the reported month and asked for has one of its events, or its log file, in a row."""
    truth = json.loads((demo / "out" / "demo-truth-7.json").read_text())
    found = set(found_names(demo / RUN))
    missed = [
        incident["id"]
        for incident in truth["incidents"]
        if incident["month"] == "2026-10"
        and asked(demo / RUN, incident)
        and not found.intersection([*incident["events"], *(row["anchor"] for row in incident["rows"])])
    ]
    assert missed == []


def test_the_evidence_verifies_with_and_without_comprova(comprova: Installed, demo: Path) -> None:
    """`comprova verify` and `sha256sum -c` agree that the evidence is as it was sealed."""
    assert "FAULT" not in comprova("verify", str(RUN), cwd=demo).stdout
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "manifest-sha256.txt"],  # noqa: S607 - the system's own
        cwd=demo / RUN / "evidence",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0


def test_a_second_run_changes_nothing(comprova: Installed, demo: Path) -> None:
    """The same command on the same logs does nothing."""
    before = digests(demo / RUN)
    assert "Nothing to do" in comprova("demo", cwd=demo).stdout
    assert digests(demo / RUN) == before


def test_the_same_logs_give_the_same_bytes(comprova: Installed, demo: Path, tmp_path: Path) -> None:
    """Evidence of the first month examined, made again elsewhere from nothing, is the same to the byte."""
    first = Path("out/demo/2026-08/r1/evidence")
    shutil.copytree(demo / "out" / "demo-logs-7", tmp_path / "elsewhere")
    comprova("run", "demo", "--period", "2026-08", "--logs", "elsewhere", "--evidence-only", cwd=tmp_path)
    assert not (tmp_path / "out/demo/2026-08/r1/documents").exists()
    assert digests(tmp_path / first) == digests(demo / first)


def test_the_months_before_have_evidence_alone(demo: Path) -> None:
    """Two months before the last have evidence and no documents, and each is compared with the one before it."""
    compared = {}
    for run in sorted((demo / "out" / "demo").glob("*/r1")):
        earlier = json.loads((run / "evidence" / "findings.json").read_text())["earlier"]
        compared[run.parent.name] = (earlier["period"], earlier["state"], (run / "documents").exists())
    assert compared == {
        "2026-08": ("2026-07", "none", False),
        "2026-09": ("2026-08", "compared", False),
        "2026-10": ("2026-09", "compared", True),
    }


def test_documents_can_be_rendered_again(comprova: Installed, demo: Path, tmp_path: Path) -> None:
    """Rendering needs the evidence alone, and makes the same bytes again."""
    shutil.copytree(demo / RUN, tmp_path / "run", ignore=shutil.ignore_patterns("documents"))
    comprova("render", "run", "--frameworks", "lgpd", "--languages", "pt_BR", cwd=tmp_path)
    for suffix in ("pdf", "html"):
        name = f"2026-10_lgpd-2018_pt_BR.{suffix}"
        again = (tmp_path / "run" / "documents" / name).read_bytes()
        assert again == (demo / RUN / "documents" / name).read_bytes()


def test_people_can_be_masked_in_sealed_evidence(comprova: Installed, demo: Path, tmp_path: Path) -> None:
    """Another report of the same evidence lies in a folder of its own, and names nobody whom the table names.

    It is the shipped one for masked people, for the screen alone; `unit/documents/test_masking.py` holds its print.
    """
    shutil.copytree(demo / RUN, tmp_path / "run")
    shipped = (builtin_root().folder("reports") / "monthly-masked.toml").read_text(encoding="utf-8")
    report = tmp_path / "reports" / "acme-masked.toml"
    report.parent.mkdir()
    report.write_text(
        shipped.replace('"monthly-masked"', '"acme-masked"').replace('["pdf", "html"]', '["html"]'), encoding="utf-8"
    )
    arguments = ("--report", "acme-masked", "--frameworks", "lgpd", "--languages", "en")
    comprova("render", "run", *arguments, cwd=tmp_path)
    shown = (tmp_path / "run" / "documents" / "2026-10_lgpd-2018_en.html").read_text()
    masked = (tmp_path / "run" / "documents-acme-masked" / "2026-10_lgpd-2018_en.html").read_text()
    with (tmp_path / "run" / "evidence" / "pseudonyms.csv").open(newline="") as file:
        people = [row["name"] for row in csv.DictReader(file) if "@" in row["name"]]
    named = [person for person in people if person in shown]
    assert named
    assert [person for person in named if person in masked] == []


def test_an_altered_row_is_found(comprova: Installed, demo: Path, tmp_path: Path) -> None:
    """One flipped byte of a result ends verification with code 12, and the file is named."""
    shutil.copytree(demo / RUN / "evidence", tmp_path / "evidence")
    target = min((tmp_path / "evidence" / "results").glob("*.parquet"))
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)
    assert f"results/{target.name}" in comprova("verify", "evidence", cwd=tmp_path, code=12).stdout
