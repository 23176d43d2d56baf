"""Reports of the synthetic evidence as files, and one Chromium for all tests that open them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from chromium import program, started
from comprova.catalog.text import Language
from comprova.content import builtin_root
from comprova.documents.definition import Format, ReportDefinition, read_report
from comprova.documents.render import render
from comprova.evidence.layout import RunLayout
from comprova.evidence.reader import open_evidence
from comprova.jobs.overview import write_overview
from evidence_factory import FRAMEWORK, make_evidence
from languages import ENGLISH, LANGUAGES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and skip them where there is no Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not program():
                item.add_marker(pytest.mark.skip(reason="no chromium on the PATH (make test-browser installs it)"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a running Chromium."""
    with started() as one:
        yield one


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Language, Path]:
    """Give the monthly report of evidence with hostile values, in both languages."""
    folder = tmp_path_factory.mktemp("reports")
    evidence = open_evidence(make_evidence(folder / "evidence").root)
    path = builtin_root().folder("reports") / "monthly.toml"
    definition = read_report(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(definition, ReportDefinition), definition
    screen = definition.model_copy(update={"formats": (Format.HTML,)})
    templates, sealed_at = builtin_root().folder("templates"), datetime(2026, 11, 3, 6, 10, tzinfo=UTC)
    files = {language: folder / f"{language}.html" for language in LANGUAGES}
    for language, file in files.items():
        html = render(evidence, FRAMEWORK, language, screen, templates, sealed_at).html
        assert html is not None
        file.write_bytes(html)
    return files


@pytest.fixture(scope="session")
def overviews(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Give the pages of all runs of a folder, in every language: one run, whose ledger is lost."""
    out = tmp_path_factory.mktemp("out")
    make_evidence(RunLayout(out / "monthly" / "2026-10" / "r1").evidence.root)
    return write_overview(out, builtin_root().folder("templates"))


@pytest.fixture(scope="session")
def report(reports: Mapping[Language, Path]) -> Path:
    """Give the report in English."""
    return reports[ENGLISH]
