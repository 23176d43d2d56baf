"""`comprova doctor`: says what this machine, or the AWS account of a job, lacks before the first run."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from comprova.cli.run import PeriodLabel, choices
from comprova.errors import ComprovaError, ExitCode
from comprova.jobs.diagnosis import Diagnosis, Verdict

_ENOUGH_BYTES = 2 << 30
_WIDTH = max(map(len, Verdict))


def doctor(
    job: Annotated[
        str | None,
        typer.Argument(metavar="JOB", help="A job on Athena: what its role may and may not do is tried too."),
    ] = None,
    period: PeriodLabel = None,
    out: Annotated[Path, typer.Option("--out", help="The folder whose disk is checked.")] = Path("out"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check Python, Pango, fonts, the embedded engine, disk and content; of a job on Athena also everything in AWS.

    Each line says ok, not or unknown, what was tried, and what to do. On Athena nothing is billed but a SELECT 1, as
    10 MB; what is made to try things out is removed.
    """
    found = []
    for diagnosis in _diagnoses(job, period, out):
        found.append(diagnosis)
        if not as_json:
            typer.echo(f"{diagnosis.verdict.value:{_WIDTH}} {diagnosis.name}: {diagnosis.found}")
            if diagnosis.verdict is not Verdict.OK and diagnosis.hint:
                typer.echo(f"{'':{_WIDTH}} {diagnosis.hint}")
    if as_json:
        typer.echo(json.dumps([diagnosis.as_json() for diagnosis in found], indent=2, ensure_ascii=False))
    well = all(diagnosis.verdict is not Verdict.NOT for diagnosis in found)
    raise typer.Exit(ExitCode.COMPLETE if well else ExitCode.USAGE)


def _diagnoses(job: str | None, period: str | None, out: Path) -> Iterator[Diagnosis]:
    checks: tuple[Callable[[], Diagnosis], ...] = (_python, _pango, _fonts, _engine, lambda: _disk(out), _content)
    for check in checks:
        yield check()
    if job is not None:
        yield from _of_job(job, period)


def _of_job(job: str, period: str | None) -> Iterator[Diagnosis]:
    from comprova.cli.content import roots
    from comprova.jobs.preparation import prepare
    from comprova.jobs.sources import AthenaSource

    now = datetime.now(UTC)
    prepared = prepare(job, roots(), choices(period, None, None, None, None), now)
    if not isinstance(prepared.source, AthenaSource):
        yield _verdict(
            "logs", prepared.source.folder.is_dir(), f"folder {prepared.source.folder}", "Name it with --logs."
        )
        return
    from comprova.engines.athena.access import Access
    from comprova.jobs.athena_doctor import diagnose
    from comprova.jobs.athena_statements import passing_session

    place = prepared.source.place()
    yield from diagnose(prepared, prepared.source, Access(place), lambda: passing_session(place), now)


def _verdict(name: str, well: bool, found: str, hint: str = "") -> Diagnosis:  # noqa: FBT001 - what was found
    return Diagnosis(name, Verdict.OK if well else Verdict.NOT, found, hint)


def _python() -> Diagnosis:
    return _verdict("Python", sys.version_info >= (3, 11), sys.version.split()[0], "Install Python 3.11 or later.")


def _pango() -> Diagnosis:
    hint = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
    try:
        import weasyprint
    except OSError as error:
        return _verdict("Pango", False, str(error).splitlines()[0], hint)
    return _verdict("Pango", True, f"found by WeasyPrint {weasyprint.__version__}")


def _fonts() -> Diagnosis:
    from comprova.content import builtin_root

    fonts = sorted(path.name for path in builtin_root().folder("templates").rglob("*.ttf"))
    return _verdict("fonts", bool(fonts), f"{len(fonts)} shipped", "Reinstall the package comprova.")


def _engine() -> Diagnosis:
    try:
        import duckdb

        version, answer = duckdb.__version__, duckdb.connect().execute("SELECT 6 * 7").fetchone()
    except (ImportError, OSError) as error:
        return _verdict("DuckDB", False, str(error), "Reinstall the package duckdb.")
    return _verdict("DuckDB", answer == (42,), f"{version} answers")


def _disk(out: Path) -> Diagnosis:
    place = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    hint = "Records take about two thirds of the size of the logs; choose another disk with --out."
    return _verdict("disk", free >= _ENOUGH_BYTES, f"{free / (1 << 30):.1f} GiB free at {place}", hint)


def _content() -> Diagnosis:
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots

    try:
        catalog = load_catalog(roots())
    except ComprovaError as error:
        found = f"{len(error.problems)} problems, first: {error.problems[0]}"
        return _verdict("content", False, found, "comprova queries check lists them all.")
    return _verdict("content", True, f"{len(catalog.current)} queries, {len(catalog.frameworks)} frameworks")
