"""Every query answers its case file: whole CloudTrail records in, exactly these rows out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from case_bench import CASES, QUERIES, case_paths, read_cases
from comprova.catalog.case_file import Case
from comprova.catalog.catalog import load_catalog
from comprova.content import builtin_root
from comprova.jobs.case_bench import CaseBench, missing_roles

_PATHS = case_paths()


@pytest.fixture(scope="module")
def cases() -> dict[Path, Case]:
    """Give every case, by its file."""
    return dict(zip(_PATHS, read_cases(_PATHS), strict=True))


@pytest.fixture(scope="module")
def bench(cases: dict[Path, Case], tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseBench]:
    """Give the records of all cases, loaded side by side."""
    bench = CaseBench(list(cases.values()), load_catalog([builtin_root()]), tmp_path_factory.mktemp("cases"))
    yield bench
    bench.close()


@pytest.mark.parametrize("path", _PATHS, ids=[path.relative_to(CASES).as_posix() for path in _PATHS])
def test_the_query_returns_the_rows_of_its_case(bench: CaseBench, cases: dict[Path, Case], path: Path) -> None:
    """Values, types, NULL and order are those of the case file."""
    answer = bench.answer(cases[path])
    assert answer.returned == answer.expected
    assert answer.agrees


def test_every_query_has_a_case_with_all_roles(cases: dict[Path, Case]) -> None:
    """Each query has a case file of its name, with a match, a near miss, a refused call and an event outside."""
    queries = {path.relative_to(QUERIES).with_suffix("") for path in QUERIES.glob("*/*.sql")}
    faults = [
        f"tests/cases/{name}.toml: no such file"
        for name in queries - {p.relative_to(CASES).with_suffix("") for p in cases}
    ]
    for path, case in cases.items():
        name = path.relative_to(CASES).with_suffix("")
        if case.query.id != ".".join(name.parts):
            faults.append(f"{case.path}: is about {case.query}, which its name does not say")
        faults += map(str, missing_roles(case))
    assert not faults, "\n".join(sorted(faults))
