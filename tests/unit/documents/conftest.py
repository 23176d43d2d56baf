"""One synthetic evidence folder, rendered once per language, for all tests of documents."""

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from comprova.catalog.text import Language
from comprova.content import builtin_root
from comprova.documents.definition import ReportDefinition, read_report
from comprova.documents.display import Display
from comprova.documents.fonts import Fonts, read_fonts
from comprova.documents.masking import masking_of
from comprova.documents.render import Rendered, render
from comprova.documents.rendition import Rendition
from comprova.documents.view import DocumentView, build_view
from comprova.documents.wording import Wording, wording_of
from comprova.evidence.reader import Evidence, open_evidence
from comprova.evidence.secrets import Secrets
from evidence_factory import FRAMEWORK, make_evidence
from languages import ENGLISH, LANGUAGES

SEALED_AT = datetime(2026, 11, 3, 6, 10, tzinfo=UTC)


class _Refuse(logging.Handler):
    """Raises at the first warning."""

    def emit(self, record: logging.LogRecord) -> None:
        """Fail the rendering."""
        raise AssertionError(record.getMessage())


@pytest.fixture(scope="session", autouse=True)
def _warnings_fail() -> Iterator[None]:
    """Turn what WeasyPrint and fontTools only log (unknown CSS, missing anchors, odd fonts) into failures."""
    handler = _Refuse(logging.WARNING)
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    for logger in loggers:
        logger.addHandler(handler)
    yield
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.fixture(scope="session")
def templates() -> Path:
    """Give the shipped templates."""
    return builtin_root().folder("templates")


@pytest.fixture(scope="session")
def monthly() -> ReportDefinition:
    """Give the shipped definition of the monthly report, with limits that a result and a statement exceed."""
    path = builtin_root().folder("reports") / "monthly.toml"
    definition = read_report(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(definition, ReportDefinition), definition
    return definition.model_copy(update={"finding_rows": 12, "screen_rows": 40, "screen_sql_lines": 10})


@pytest.fixture(scope="session")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Give the synthetic evidence."""
    return open_evidence(make_evidence(tmp_path_factory.mktemp("run") / "evidence").root)


@pytest.fixture(scope="session")
def fonts(templates: Path) -> Fonts:
    """Give the shipped fonts."""
    return read_fonts(templates)


@pytest.fixture(scope="session")
def display(fonts: Fonts) -> Display:
    """Give the display function of the shipped fonts."""
    return Display(fonts.drawable, 160, Secrets((), ()))


@pytest.fixture(scope="session")
def view(evidence: Evidence, monthly: ReportDefinition, display: Display) -> DocumentView:
    """Give what the document says."""
    masking = masking_of(evidence, monthly.personal)
    rendition = Rendition(evidence, monthly, ENGLISH, display, masking)
    return build_view(rendition, FRAMEWORK, None, modified_templates=False)


@pytest.fixture(scope="session")
def wordings(templates: Path, display: Display) -> Mapping[Language, Wording]:
    """Give the words of both languages."""
    return {language: wording_of(templates, language, display) for language in LANGUAGES}


@pytest.fixture(scope="session")
def rendered(evidence: Evidence, monthly: ReportDefinition, templates: Path) -> Mapping[Language, Rendered]:
    """Give the monthly report in both languages."""
    return {language: render(evidence, FRAMEWORK, language, monthly, templates, SEALED_AT) for language in LANGUAGES}
