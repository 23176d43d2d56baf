"""The part of `comprova queries` that runs case files, and prints what was expected beside what was found."""

import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comprova.errors import ExitCode

if TYPE_CHECKING:
    from comprova.jobs.case_bench import CaseAnswer


def answer_cases(
    queries: Annotated[list[str] | None, typer.Argument(metavar="[QUERY]...", help="Default: all case files.")] = None,
    as_toml: Annotated[
        bool, typer.Option("--toml", help="Print the rows that were found as they would stand in a case file.")
    ] = False,
) -> None:
    """Run case files: whole CloudTrail records in, and beside the rows that they expect the rows that were found.

    Case files lie in tests/cases/<pack>/<name>.toml of the project. Their records are read as log files are. With
    --toml, look at the rows, correct and paste them: what a query returns is not by that what it should return.
    """
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots
    from comprova.errors import ContentError
    from comprova.jobs.case_bench import CaseBench, case_paths, missing_roles, read_case_files

    found = roots()
    root, catalog = found[-1], load_catalog(found)
    paths = case_paths(root, catalog, queries or ())
    cases = read_case_files(root, paths)
    if problems := [problem for case in cases for problem in missing_roles(case)]:
        raise ContentError(problems)
    agree = True
    with tempfile.TemporaryDirectory() as folder, closing(CaseBench(cases, catalog, Path(folder))) as bench:
        for case in cases:
            answer = bench.answer(case)
            agree = agree and answer.agrees
            typer.echo(_as_toml(answer) if as_toml else _compared(answer))
    raise typer.Exit(ExitCode.COMPLETE if agree or as_toml else ExitCode.USAGE)


def _compared(answer: "CaseAnswer") -> str:
    expected, found = answer.expected, answer.returned
    lines = [f"{answer.case.path}: {answer.query.ref}: {len(expected)} rows expected, {len(found)} found"]
    for number in range(max(len(expected), len(found))):
        one = expected[number] if number < len(expected) else None
        other = found[number] if number < len(found) else None
        if one is None or other is None:
            lines.append(f"  row {number + 1}: {'found, not expected' if one is None else 'expected, not found'}")
            lines += [f"    {name} = {value!r}" for name, value in _named(answer, one or other or ())]
        elif one == other:
            lines.append(f"  row {number + 1}: as expected")
        else:
            lines.append(f"  row {number + 1}: differs")
            pairs = zip(_named(answer, one), other, strict=True)
            lines += [f"    {name}: expected {value!r}, found {is_!r}" for (name, value), is_ in pairs if value != is_]
    if expected == found and not answer.agrees:
        lines.append("  values are equal and of other types")
    return "\n".join(lines)


def _as_toml(answer: "CaseAnswer") -> str:
    from comprova.catalog.case_file import ACCOUNT
    from comprova.catalog.toml_writer import toml

    lines = []
    for row in answer.returned:
        lines.append("\n[[row]]")
        for name, value in _named(answer, row):
            if value is not None:
                aware = value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
                lines.append(f"{name} = {toml(aware)}".replace(answer.case.account, ACCOUNT))
    return "\n".join(lines)


def _named(answer: "CaseAnswer", row: tuple[Any, ...]) -> list[tuple[str, Any]]:
    return list(zip((column.name for column in answer.query.block.column), row, strict=True))
