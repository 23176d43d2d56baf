"""veraPDF on the documents of the demo."""

from pathlib import Path

import pytest

from comprova.catalog.text import Language
from end_to_end.pdf_standards import failures, needs_verapdf
from installed import Installed
from languages import LANGUAGES
from pdf_checks import pdf_faults

pytestmark = needs_verapdf


@pytest.fixture(scope="module")
def documents(comprova: Installed, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Run the demo, and return its PDFs."""
    folder = tmp_path_factory.mktemp("demo")
    comprova("demo", "--months", "1", cwd=folder)
    return sorted((folder / "out/demo/2026-10/r1/documents").glob("*.pdf"))


def test_the_demo_keeps_both_standards(documents: list[Path]) -> None:
    """Every framework in every language is PDF/A-3a and PDF/UA-1, and claims to be."""
    assert len(documents) == 4 * len(LANGUAGES)
    assert failures(documents) == []


def test_our_own_checks_agree(documents: list[Path]) -> None:
    """What `make test` looks at holds for the same files."""
    said = {
        path.name: faults
        for path in documents
        if (faults := pdf_faults(path.read_bytes(), Language(path.stem.split("_", 2)[2]).tag))
    }
    assert said == {}
