"""The overview of an output folder: every run named for what it is, nothing in the page that runs or loads."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

import pytest

from comprova.catalog.text import Language
from comprova.content import builtin_root
from comprova.documents.display import Display
from comprova.documents.overview import RunFault, RunState, overview_files
from comprova.documents.wording import wording_of
from comprova.errors import ComprovaError
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import RunLayout
from comprova.evidence.manifest import seal, sha256_file
from comprova.evidence.model import Assessment
from comprova.evidence.secrets import Secrets
from comprova.jobs.ledger import Attempt, Ledger, Status, read_ledger, write_ledger
from comprova.jobs.overview import overview_of, write_overview
from comprova.jobs.rendering import RenderedFrom
from evidence_factory import FRAMEWORK, make_evidence
from languages import ENGLISH, LANGUAGES
from parsed_page import Page

_JOB = """\
id = "monthly"
title.en = "Every <b>month</b>"
title.pt_BR = "Todo <b>mês</b>"
organisation = "Ipê"
report = "monthly"
frameworks = ["acts-2026"]
languages = ["pt_BR", "en"]
time_zone = "America/Sao_Paulo"

[source]
kind = "folder"
name.en = "Logs"
name.pt_BR = "Logs"
logs = "logs"
"""
TEMPLATES = builtin_root().folder("templates")
SEALED_AT = datetime(2026, 11, 3, 6, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> RunLayout:
    """Give a sealed run with documents, to be copied."""
    layout = RunLayout(tmp_path_factory.mktemp("made") / "run")
    make_evidence(layout.evidence.root)
    write_whole(layout.evidence.content / "jobs" / "monthly.toml", _JOB.encode())
    own = seal(layout.evidence.root, layout.evidence.manifest)
    write_ledger(
        Ledger(
            job="monthly",
            period="2026-10",
            revision=1,
            comprova="0",
            fingerprint="",
            inputs={},
            engine="duckdb",
            status=Status.RENDERED,
            attempts=(Attempt(started=SEALED_AT),),
            sealed_at=SEALED_AT,
            seal=own,
        ),
        layout.ledger,
    )
    documents = {
        (FRAMEWORK, language): tuple(f"2026-10_{FRAMEWORK}_{language}.{suffix}" for suffix in ("html", "pdf"))
        for language in LANGUAGES
    }
    documents["listing:trail.root_use", ENGLISH] = ("2026-10_listing-trail.root_use_en.pdf",)
    for names in documents.values():
        for name in names:
            write_whole(layout.documents / name, b"a document")
    RenderedFrom(sha256_file(layout.evidence.manifest), "", {}, documents).write(layout.documents)
    seal(layout.documents, layout.documents / "manifest-sha256.txt")
    return layout


@dataclass(frozen=True)
class _Folder:
    """An output folder."""

    out: Path
    sealed: RunLayout

    def run(self, period: str = "2026-10", revision: int = 1, job: str = "monthly") -> RunLayout:
        layout = RunLayout(self.out / job / period / f"r{revision}")
        shutil.copytree(self.sealed.root, layout.root)
        return layout

    def states(self) -> dict[str, tuple[RunState, tuple[RunFault, ...], bool]]:
        overview = overview_of(self.out, LANGUAGES)
        return {
            f"{run.job}/{run.period}/r{run.revision}": (run.state, run.faults, run.superseded) for run in overview.runs
        }

    def pages(self) -> dict[str, Page]:
        overview = overview_of(self.out, LANGUAGES)
        return {name: Page.of(data) for name, data in overview_files(overview, TEMPLATES).items()}


@pytest.fixture
def folder(tmp_path: Path, sealed: RunLayout) -> _Folder:
    """Give an empty output folder, and a run to copy into it."""
    return _Folder(tmp_path / "out", sealed)


def _word(member: StrEnum, language: Language) -> str:
    display = Display(range(32, 1000), 100, Secrets((), ()))
    return wording_of(TEMPLATES, language, display).word(member)


def _interrupt(run: RunLayout) -> None:
    run.evidence.manifest.unlink()
    shutil.rmtree(run.documents)
    opened = read_ledger(run.ledger)
    assert opened is not None
    write_ledger(opened.model_copy(update={"seal": "", "sealed_at": None, "status": Status.OPEN}), run.ledger)


def _never_begin(run: RunLayout) -> None:
    shutil.rmtree(run.root)
    run.work.mkdir(parents=True)


def _lose_the_seal(run: RunLayout) -> None:
    run.evidence.manifest.unlink()
    shutil.rmtree(run.documents)


def _seal_again(run: RunLayout) -> None:
    write_whole(run.evidence.root / "more", b"")
    seal(run.evidence.root, run.evidence.manifest)


def _spoil_the_manifest(run: RunLayout) -> None:
    run.evidence.manifest.write_text("what", encoding="utf-8")
    shutil.rmtree(run.documents)


def _change_the_assessment(run: RunLayout) -> None:
    run.evidence.assessment.write_bytes(run.evidence.assessment.read_bytes() + b" ")


_CASES: dict[str, tuple[Callable[[RunLayout], object], RunState, set[RunFault]]] = {
    "as it was sealed": (lambda run: run, RunState.SEALED, set()),
    "interrupted": (_interrupt, RunState.UNSEALED, set()),
    "never begun": (_never_begin, RunState.UNSEALED, {RunFault.LEDGER_MISSING}),
    "no ledger": (lambda run: run.ledger.unlink(), RunState.SEALED, {RunFault.LEDGER_MISSING}),
    "a ledger that is none": (lambda run: run.ledger.write_text("[]"), RunState.UNREADABLE, {RunFault.LEDGER}),
    "the seal gone": (_lose_the_seal, RunState.ALTERED, {RunFault.MANIFEST_MISSING}),
    "another seal": (_seal_again, RunState.ALTERED, {RunFault.SEAL, RunFault.DOCUMENTS_ELSEWHERE}),
    "a manifest that is none": (_spoil_the_manifest, RunState.UNREADABLE, {RunFault.MANIFEST}),
    "another assessment": (_change_the_assessment, RunState.ALTERED, {RunFault.ASSESSMENT_CHANGED}),
    "no assessment": (lambda run: run.evidence.assessment.unlink(), RunState.UNREADABLE, {RunFault.ASSESSMENT}),
    "documents not finished": (
        lambda run: (run.documents / "manifest-sha256.txt").unlink(),
        RunState.SEALED,
        {RunFault.DOCUMENTS},
    ),
}


@pytest.mark.parametrize("case", _CASES)
def test_every_folder_of_a_run_is_named_for_what_it_is(folder: _Folder, case: str) -> None:
    """Whatever happened to a run's folder, it stands in the overview with its state and what is wrong."""
    disturb, state, faults = _CASES[case]
    disturb(folder.run())
    found_state, found, _ = folder.states()["monthly/2026-10/r1"]
    assert found_state is state
    assert set(found) == faults
    for language, (_, page) in zip(overview_of(folder.out, LANGUAGES).languages, folder.pages().items(), strict=True):
        assert not [one for one in (state, *faults) if _word(one, language) not in page.text]


def _telling(**said: object) -> str:
    first = {"framework": FRAMEWORK, "language": "en", "files": ["a.pdf"]}
    whole = {"evidence_manifest_sha256": "SEAL", "review_sha256": "", "documents": [{**first, **said}]}
    return json.dumps(whole)


_TOLD_OF_DOCUMENTS = {
    "a file outside of the run": _telling(files=["../../../elsewhere.pdf"]),
    "a file anywhere": _telling(files=["/etc/hostname"]),
    "the folder itself": _telling(files=["."]),
    "a name that ends a line": _telling(files=["a\u2028b.pdf"]),
    "a name that is a number": _telling(files=[1]),
    "an edition that is a number": _telling(framework=1),
    "lists without end": "[" * 100_000,
}


@pytest.mark.parametrize("case", _TOLD_OF_DOCUMENTS)
def test_what_documents_say_of_themselves_leads_nowhere_else(folder: _Folder, case: str) -> None:
    """What strangers write into a folder of documents makes it one that cannot say what it holds, and no link."""
    layout = folder.run()
    told = _TOLD_OF_DOCUMENTS[case].replace("SEAL", sha256_file(layout.evidence.manifest))
    (layout.documents / "rendered-from.json").write_text(told)
    _, faults, _ = folder.states()["monthly/2026-10/r1"]
    assert RunFault.DOCUMENTS in faults
    linked = {value for page in folder.pages().values() for _, name, value in page.attributes if name == "href"}
    assert not [link for link in linked if "/documents/" in link]


def _reseal(run: RunLayout) -> None:
    ledger = read_ledger(run.ledger)
    assert ledger is not None
    write_ledger(ledger.model_copy(update={"seal": seal(run.evidence.root, run.evidence.manifest)}), run.ledger)


@pytest.mark.parametrize(
    ("key", "value"),
    [("time_zone", "Mars/Base"), ("time_zone", "../zone"), ("end", "2026-11-01T03:00:00")],
)
def test_a_scope_without_local_days_is_no_scope(folder: _Folder, key: str, value: str) -> None:
    """Evidence that others sealed, and whose period no calendar holds, cannot be read: the overview is still made."""
    layout = folder.run()
    said = json.loads(layout.evidence.assessment.read_bytes())
    said["scope"][key] = value
    layout.evidence.assessment.write_text(json.dumps(said))
    _reseal(layout)
    state, faults, _ = folder.states()["monthly/2026-10/r1"]
    assert state is RunState.UNREADABLE
    assert RunFault.ASSESSMENT in faults
    assert folder.pages()


def test_an_edition_that_cannot_be_read_goes_by_its_key(folder: _Folder) -> None:
    """A file of lists without end, sealed by others, has no title; the page names the edition all the same."""
    layout = folder.run()
    (layout.evidence.content / "queries" / "frameworks" / f"{FRAMEWORK}.toml").write_text("title = " + "[" * 100_000)
    _reseal(layout)
    [run] = overview_of(folder.out, LANGUAGES).runs
    assert [(edition.key, edition.title) for edition in run.editions] == [(FRAMEWORK, None)]


def test_only_what_was_sealed_is_said_of_an_assessment(folder: _Folder) -> None:
    """Of an assessment that is not as the manifest says, no figure is shown."""
    layout = folder.run()
    layout.evidence.assessment.write_bytes(layout.evidence.assessment.read_bytes() + b" ")
    [run] = overview_of(folder.out, LANGUAGES).runs
    assert (run.editions, run.scope) == ((), None)


def test_a_sealed_revision_supersedes_those_before_it(folder: _Folder) -> None:
    """An unsealed r3 supersedes nothing; a sealed r2 supersedes r1."""
    folder.run(revision=1)
    folder.run(revision=2)
    _interrupt(folder.run(revision=3))
    superseded = {name: superseded for name, (_, _, superseded) in folder.states().items()}
    assert superseded == {"monthly/2026-10/r3": False, "monthly/2026-10/r2": False, "monthly/2026-10/r1": True}
    english = folder.pages()["index_en.html"]
    assert "superseded by a later revision" in english.text


def test_newest_periods_come_first(folder: _Folder) -> None:
    """Months, quarters and days are ordered by when they begin, and jobs by name."""
    for period in ("2026-09", "2026-Q4", "2026-11-02..2026-11-09", "2025-12"):
        folder.run(period)
    folder.run("2026-10", job="another")
    assert list(folder.states()) == [
        "another/2026-10/r1",
        *(f"monthly/{period}/r1" for period in ("2026-11-02..2026-11-09", "2026-Q4", "2026-09", "2025-12")),
    ]


def test_every_document_is_linked_by_a_relative_address_that_is_there(folder: _Folder) -> None:
    """Links lead to files of the folder, percent-encoded, from wherever the folder lies."""
    layout = folder.run()
    folder.run("2026-09", job="a b#c%3F")
    (layout.documents / f"2026-10_{FRAMEWORK}_en.pdf").unlink()
    for page in folder.pages().values():
        targets = [target for target in page.values("href") if not target.startswith("#")]
        assert all(re.fullmatch(r"[A-Za-z0-9._~%/-]+", target) for target in targets), targets
        files = {unquote(target) for target in targets if not target.startswith("index")}
        assert f"monthly/2026-10/r1/documents/2026-10_{FRAMEWORK}_pt_BR.pdf" in files
        assert f"a b#c%3F/2026-09/r1/documents/2026-10_{FRAMEWORK}_en.pdf" in files
        assert "monthly/2026-10/r1/documents/2026-10_listing-trail.root_use_en.pdf" in files
        assert not [name for name in files if not (folder.out / name).is_file()]
        assert f"2026-10_{FRAMEWORK}_en.pdf" in page.text, "the missing file is named"
        assert {target[1:] for target in page.values("href") if target.startswith("#")} <= set(page.values("id"))


def test_the_figures_are_those_of_the_evidence(folder: _Folder) -> None:
    """Findings and outcomes are counted once for each question that bears on the edition."""
    layout = folder.run()
    said = Assessment.model_validate_json(layout.evidence.assessment.read_bytes())
    found = sum(query.findings or 0 for query in said.queries)
    text = folder.pages()["index_en.html"].text
    assert re.search(rf"Exceptions {found} \d+ with exceptions", text)
    assert "1 failed · 1 not run · 1 inconclusive" in text


def test_nothing_in_it_runs_or_loads(folder: _Folder) -> None:
    """No element or attribute could run or load, and the policy allows one style and one script, by their hashes."""
    folder.run(job="<img src=x onerror=alert(1)>")
    folder.run(job="nul \u202e")
    for page in folder.pages().values():
        page.assert_inert()
        assert "<img src=x onerror=alert(1)>" in page.text
        assert "nul \\u{202E}" in page.text


def test_it_can_be_read_by_everyone(folder: _Folder) -> None:
    """One h1, no level of headings left out, headers and captions of tables, a language, a way past the list."""
    folder.run()
    _interrupt(folder.run("2026-09"))
    pages = folder.pages()
    for name, page in pages.items():
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
        assert page.scopes == {"col", "row"}
        assert "caption" in page.tags
        assert "#main" in page.values("href")
        assert page.values("lang")[0] == ("pt-BR" if name == "index.html" else "en")


def test_it_speaks_the_languages_of_the_newest_job(folder: _Folder) -> None:
    """The first language of the job that was sealed last is that of index.html; each page leads to the others."""
    folder.run()
    pages = folder.pages()
    assert list(pages) == ["index.html", "index_en.html"]
    assert "Pior resultado" in pages["index.html"].text
    assert "Worst outcome" in pages["index_en.html"].text
    assert "index_en.html" in pages["index.html"].values("href")
    assert "index.html" in pages["index_en.html"].values("href")


def test_the_same_folder_gives_the_same_bytes(folder: _Folder) -> None:
    """Writing it again changes nothing, and leaves nothing else behind."""
    folder.run()
    first = {path.name: path.read_bytes() for path in write_overview(folder.out, TEMPLATES)}
    assert {path.name: path.read_bytes() for path in write_overview(folder.out, TEMPLATES)} == first
    assert {path.name for path in folder.out.iterdir()} == {"monthly", *first}


def test_a_page_of_ours_that_nobody_makes_any_more_goes(folder: _Folder) -> None:
    """A language that the newest job no longer has leaves no page behind; what others wrote stays."""
    folder.run()
    first, other = write_overview(folder.out, TEMPLATES)
    stale = other.rename(folder.out / "index_es.html")
    own = folder.out / "index_notes.html"
    own.write_text("ours is another", encoding="utf-8")
    assert write_overview(folder.out, TEMPLATES) == (first, other)
    assert not stale.exists()
    assert own.read_text(encoding="utf-8") == "ours is another"


def test_a_file_of_someone_else_is_never_replaced(folder: _Folder) -> None:
    """An index.html that comprova did not write stays, and the message names it."""
    folder.run()
    (folder.out / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(ComprovaError, match=r"index\.html: expected a page that `comprova index` wrote"):
        write_overview(folder.out, TEMPLATES)
    assert (folder.out / "index.html").read_text(encoding="utf-8") == "mine"


def test_a_folder_without_runs_is_refused(tmp_path: Path, sealed: RunLayout) -> None:
    """A folder that is no output folder gets no page: neither an empty one nor that of a run."""
    for wrong in (tmp_path, sealed.root):
        with pytest.raises(ComprovaError, match="an output folder with runs"):
            write_overview(wrong, TEMPLATES)
        assert not list(wrong.glob("*.html"))


def test_folders_that_cannot_be_read_are_named(folder: _Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that the system does not let be read is not taken for a job without runs."""
    folder.run()
    closed = folder.out / "closed"
    closed.mkdir()
    listed = Path.iterdir

    def iterdir(path: Path) -> Iterator[Path]:
        if path == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert overview_of(folder.out, LANGUAGES).unreadable == ("closed",)
    assert "The folder closed cannot be read" in folder.pages()["index_en.html"].text
