"""Runs case files and prints what each expects beside what its query returns. For authors of queries.

    PYTHONPATH=src python tests/run_case.py tests/cases/identity/root_activity.toml [more files]

Every record of the file is loaded in an account of its own (as `make test` does with all files at once), `activity` and
`deliveries` are built, the query is compiled and run. Exit code 0 when every file's rows are exactly those expected.
`--toml` prints the rows as `[[row]]` tables instead, to look at, correct and paste: what a query returns is not by that
what it should return.
"""

# ruff: noqa: T201 - it prints

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from case_bench import CaseBench, read_cases, read_query_file
from case_file import ACCOUNT, Case, Row
from comprova.errors import ComprovaError


def main() -> int:
    """Run the case files named on the command line."""
    parser = argparse.ArgumentParser(description="Run case files of queries.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--toml", action="store_true", help="print the rows returned as [[row]] tables")
    options = parser.parse_args()
    agree = True
    try:
        cases = read_cases(options.files)
        with tempfile.TemporaryDirectory() as folder:
            bench = CaseBench(cases, Path(folder))
            for case in cases:
                expected, got = bench.rows(case)
                if options.toml:
                    print(_as_toml(case, got))
                else:
                    agree = _compare(case, expected, got) and agree
            bench.close()
    except ComprovaError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if agree else 1


def _compare(case: Case, expected: list[Row], got: list[Row]) -> bool:
    print(f"{case.path}: {len(expected)} rows expected, {len(got)} returned")
    names = [column.name for column in read_query_file(case.query).block.column]
    for number in range(max(len(expected), len(got))):
        left = expected[number] if number < len(expected) else None
        right = got[number] if number < len(got) else None
        if left == right:
            print(f"  row {number + 1}: as expected")
        elif left is None or right is None:
            print(f"  row {number + 1}: {'not expected' if left is None else 'missing'}")
            for name, value in zip(names, left or right or (), strict=True):
                print(f"    {name} = {value!r}")
        else:
            print(f"  row {number + 1}: differs")
            for name, one, other in zip(names, left, right, strict=True):
                if one != other:
                    print(f"    {name}: expected {one!r}, returned {other!r}")
    return expected == got


def _as_toml(case: Case, rows: list[Row]) -> str:
    names = [column.name for column in read_query_file(case.query).block.column]
    lines = []
    for row in rows:
        lines.append("\n[[row]]")
        for name, value in zip(names, row, strict=True):
            if value is not None:
                lines.append(f"{name} = {_toml_value(value).replace(case.account, ACCOUNT)}")
    return "\n".join(lines)


def _toml_value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case datetime():
            return (
                value.replace(tzinfo=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000", "")
            )
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return f'"{escaped}"'
        case list():
            return f"[{', '.join(_toml_value(item) for item in value)}]"
        case _:
            return str(value)


if __name__ == "__main__":
    sys.exit(main())
