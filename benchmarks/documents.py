"""Measures what PDFs cost, against headless Chromium printing the same HTML: `python -m benchmarks.documents`.

CPU time only, of whole processes from their start: others may use the machine meanwhile. Chromium prints the paper
frame of the report with the same fonts; what it writes is no PDF/A.
"""

import argparse
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pyarrow as pa
from benchmarks.measure import Target
from pyarrow import parquet
from pypdf import PdfReader

from comprova.catalog.text import SOURCE
from comprova.content import builtin_root
from comprova.documents.definition import ReportDefinition, Section, read_report
from comprova.documents.display import Display
from comprova.documents.fonts import SCHEME, read_fonts
from comprova.documents.html import Medium, Typesetter
from comprova.documents.listing import volumes_of
from comprova.documents.masking import masking_of
from comprova.documents.process import ListingTask, Task
from comprova.documents.rendition import Rendition
from comprova.documents.view import build_view
from comprova.documents.wording import wording_of
from comprova.evidence.layout import EvidenceLayout, RunLayout
from comprova.evidence.reader import open_evidence
from comprova.evidence.review import Review
from comprova.evidence.secrets import secrets_of
from comprova.sample import generate

_FRAMEWORK = "lgpd-2018"
_QUERY = "signin.console_signins"
_ROWS = 10_000
_TEMPLATES = builtin_root().folder("templates")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a PDF took.

    Attributes:
        pages: It has.
        cpu: Seconds, user and system, of the process and of all that it started.
        peak: Bytes of memory at most; Linux counts those of the process that started it too, before it became its own.
    """

    pages: int
    cpu: float
    peak: int

    def __str__(self) -> str:
        return f"{self.pages} pages, {self.cpu:.2f} s CPU, {self.peak / 1e6:.0f} MB"


def make_run(folder: Path) -> Path:
    """Generate the logs of the demo, and run its job for one framework in one language."""
    generate(folder / "logs", months=3)
    (folder / "logs" / "truth.json").unlink()
    options = ("--period", "2026-10", "--frameworks", "lgpd", "--languages", "en")
    subprocess.run(  # noqa: S603 - our own command
        [
            sys.executable,
            "-m",
            "comprova",
            "run",
            "demo",
            "--logs",
            str(folder / "logs"),
            *options,
            "--out",
            str(folder),
        ],
        check=True,
    )
    return folder / "demo" / "2026-10" / "r1"


def lengthen(evidence: EvidenceLayout, to: EvidenceLayout, queries: Collection[str], rows: int) -> None:
    """Copy evidence, with the rows of some queries repeated until there are so many of each."""
    shutil.copytree(evidence.root, to.root)
    assessment = json.loads(to.assessment.read_text(encoding="utf-8"))
    for result in assessment["queries"]:
        if result["id"] in queries:
            table = parquet.read_table(to.parquet(result["id"]))
            many = table.take(pa.array([number % table.num_rows for number in range(rows)]))
            parquet.write_table(many, to.parquet(result["id"]))
            result["rows"] = rows
    to.assessment.write_text(json.dumps(assessment), encoding="utf-8")


def write_html(evidence: Path, definition: ReportDefinition, file: Path) -> None:
    """Write the paper frame of the report, with fonts that a browser finds."""
    language = SOURCE
    opened = open_evidence(evidence)
    secrets = secrets_of(opened.catalog.secrets)
    display = Display(read_fonts(_TEMPLATES).drawable, definition.value_characters, secrets)
    wording = wording_of(_TEMPLATES, language, display)
    rendition = Rendition(opened, definition, language, display, masking_of(opened, definition.personal))
    view = build_view(rendition, _FRAMEWORK, None, modified_templates=False)
    html = Typesetter(_TEMPLATES, language, display, wording, wording.localized).page(view, Medium.PAPER)
    for font in (_TEMPLATES / "fonts").glob("*.ttf"):
        html = html.replace(f"url({SCHEME}{font.stem})", f"url({font.as_uri()})")
    file.write_text(html, encoding="utf-8")


def made(task: Task | ListingTask) -> Taken:
    """Render in a process as a run does, and take its PDF."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "comprova.documents.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise TypeError(process)
        process.stdin.write(pickle.dumps(task))
        process.stdin.flush()
        said = json.loads(process.stdout.readline())
        data = process.stdout.read()
        return _taken(process, data[: next(iter(said["files"].values()))])


def printed(html: Path, to: Path) -> Taken:
    """Have Chromium print HTML."""
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={to}")
    command = [str(shutil.which("chromium")), *options, html.as_uri()]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - the user's own browser
        taken = _taken(process, b"")
    return replace(taken, pages=len(PdfReader(to).pages))


def _taken(process: subprocess.Popen[bytes], data: bytes) -> Taken:
    """Wait for a process, and return what it and all that it started took."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    pages = len(PdfReader(BytesIO(data)).pages) if data else 0
    return Taken(pages, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def compare(run: Path, folder: Path, repeat: int) -> list[Target]:
    """Make the PDFs in turns, and hold them against each other."""
    evidence, longer, html = RunLayout(run).evidence, EvidenceLayout(folder / "longer"), folder / "report.html"
    lengthen(evidence, longer, {_QUERY}, _ROWS)
    targets, per_page = [], 0.0
    for title, definition in (("report of about 30 pages", _short()), ("whole report", _definition())):
        write_html(evidence.root, definition, html)
        task = Task(evidence.root, _FRAMEWORK, SOURCE, definition, _TEMPLATES, None, Review())
        chromium, report = zip(*((printed(html, folder / "p.pdf"), made(task)) for _ in range(repeat)), strict=True)
        print(f"{title}: Chromium {_best(chromium).cpu:.2f} s CPU; comprova {_best(report)}")
        targets.append(Target(f"{title}, CPU ÷ Chromium", _best(report).cpu / _best(chromium).cpu, 8))
        targets.append(Target(f"{title}, memory in MB", _best(report).peak / 1e6, 400))
        per_page = _best(report).cpu / _best(report).pages
    volumes = range(1, volumes_of(open_evidence(longer.root), _QUERY) + 1)
    tasks = [ListingTask(longer.root, _QUERY, volume, SOURCE, _definition(), _TEMPLATES) for volume in volumes]
    listing = [_best([made(task) for _ in range(repeat)]) for task in tasks]
    print(f"listing of {_ROWS:,} rows: {'; '.join(map(str, listing))}")
    cost = sum(one.cpu for one in listing) / sum(one.pages for one in listing)
    return [
        *targets,
        Target("listing, CPU per page ÷ whole report", cost / per_page, 1.5),
        Target("listing, memory in MB", max(one.peak for one in listing) / 1e6, 400),
    ]


def _best(taken: Sequence[Taken]) -> Taken:
    """Return the least CPU time of the same work, and the most memory."""
    return Taken(taken[0].pages, min(one.cpu for one in taken), max(one.peak for one in taken))


def main() -> None:
    """Make a run, or take one, and print what its PDFs take beside the targets."""
    parser = argparse.ArgumentParser(description="Measure PDFs against Chromium.")
    parser.add_argument("--run", type=Path, help="the folder of a run of the demo's job, instead of a new one")
    parser.add_argument("--repeat", type=int, default=2)
    options = parser.parse_args()
    if not shutil.which("chromium"):
        print("documents: no chromium on the PATH to compare with")
        return
    with tempfile.TemporaryDirectory(prefix="comprova-benchmark-") as folder:
        run = options.run or make_run(Path(folder))
        for target in compare(run.resolve(), Path(folder), options.repeat):
            print(target)


def _definition() -> ReportDefinition:
    text = (builtin_root().folder("reports") / "monthly.toml").read_text(encoding="utf-8")
    definition = read_report(text.replace('formats = ["pdf", "html"]', 'formats = ["pdf"]'), "monthly.toml")
    if isinstance(definition, list):
        raise TypeError(definition)
    return definition


def _short() -> ReportDefinition:
    """Leave out of the report what makes it longer than thirty pages."""
    parts = tuple(part for part in Section if part not in (Section.QUERIES, Section.NOT_SHOWN))
    return _definition().model_copy(update={"section": parts})


if __name__ == "__main__":
    main()
