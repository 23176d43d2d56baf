"""`comprova doctor`: says what this machine lacks before the first run."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comprova.errors import ComprovaError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

_ENOUGH_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: well or not, and what to do."""

    name: str
    well: bool
    found: str
    hint: str = ""


def doctor(
    out: Annotated[Path, typer.Option("--out", help="The folder whose disk is checked.")] = Path("out"),
) -> None:
    """Check Python, Pango, fonts, the embedded engine, disk and content."""
    checks: tuple[Callable[[], Finding], ...] = (_python, _pango, _fonts, _engine, lambda: _disk(out), _content)
    findings = [check() for check in checks]
    for finding in findings:
        typer.echo(f"{'ok   ' if finding.well else 'FAULT'} {finding.name}: {finding.found}")
        if not finding.well and finding.hint:
            typer.echo(f"      {finding.hint}")
    raise typer.Exit(ExitCode.COMPLETE if all(finding.well for finding in findings) else ExitCode.USAGE)


def _python() -> Finding:
    return Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0], "Install Python 3.11 or later.")


def _pango() -> Finding:
    hint = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
    try:
        import weasyprint
    except OSError as error:
        return Finding("Pango", well=False, found=str(error).splitlines()[0], hint=hint)
    return Finding("Pango", well=True, found=f"found by WeasyPrint {weasyprint.__version__}")


def _fonts() -> Finding:
    from comprova.content import builtin_root

    fonts = sorted(path.name for path in builtin_root().folder("templates").rglob("*.ttf"))
    return Finding("fonts", bool(fonts), f"{len(fonts)} shipped", "Reinstall the package comprova.")


def _engine() -> Finding:
    try:
        import duckdb

        version, answer = duckdb.__version__, duckdb.connect().execute("SELECT 6 * 7").fetchone()
    except (ImportError, OSError) as error:
        return Finding("DuckDB", well=False, found=str(error), hint="Reinstall the package duckdb.")
    return Finding("DuckDB", answer == (42,), f"{version} answers")


def _disk(out: Path) -> Finding:
    place = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    hint = "Records take about two thirds of the size of the logs; choose another disk with --out."
    return Finding("disk", free >= _ENOUGH_BYTES, f"{free / (1 << 30):.1f} GiB free at {place}", hint)


def _content() -> Finding:
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots

    try:
        catalog = load_catalog(roots())
    except ComprovaError as error:
        found = f"{len(error.problems)} problems, first: {error.problems[0]}"
        return Finding("content", well=False, found=found, hint="comprova queries check lists them all.")
    return Finding("content", well=True, found=f"{len(catalog.current)} queries, {len(catalog.frameworks)} frameworks")
