"""What the documentation says of commands, queries and exit codes is what they are."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from comprova.errors import ExitCode

ROOT = Path(__file__).resolve().parents[2]


def generator() -> ModuleType:
    """Load docs/generate.py, which is no package."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date() -> None:
    """Every command, option, query and requirement is documented as it is; `make docs` mends a failure."""
    stale = [
        name for name, text in generator().pages().items() if (ROOT / "docs" / name).read_text(encoding="utf-8") != text
    ]
    assert stale == []


@pytest.mark.parametrize("name", ["README.md", "README.pt-BR.md"])
def test_the_exit_codes_are_in_the_readme(name: str) -> None:
    """The table of exit codes has every code, and no other."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)] == [code.value for code in ExitCode]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "README.pt-BR.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")),
    ],
)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link of a page leads to a file of the repository."""
    page = ROOT / name
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
