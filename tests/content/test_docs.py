"""What the documentation says of commands, queries and exit codes is what they are."""

import base64
import hashlib
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from comprova.catalog.catalog import load_catalog
from comprova.catalog.pages import anchor
from comprova.catalog.phrases import Phrases
from comprova.catalog.text import Language
from comprova.catalog.translations import Domain
from comprova.content import builtin_root
from comprova.errors import ExitCode
from languages import LANGUAGES

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
    made = generator().pages()
    there = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs" / "catalog").rglob("*.*")}
    stale = [name for name, text in made.items() if not _is(ROOT / "docs" / name, text)]
    assert stale == []
    assert sorted(there - made.keys()) == []


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_every_question_and_requirement(language: Language) -> None:
    """Each has a heading of its own on a page in both languages, and every link to one leads to a heading."""
    catalog = load_catalog([builtin_root()])
    folder = ROOT / "docs" / "catalog" / language.tag
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    questions = Phrases(builtin_root().folder("templates"), language, Domain.PAGES).text("questions")
    headings = {name: re.findall(r"^#+ (.+)$", text, re.MULTILINE) for name, text in pages.items()}
    assert [query.id for query in catalog.current if query.id not in headings[f"{query.pack}.md"]] == []
    for key, edition in catalog.frameworks.items():
        ids = [one.id for one in edition.requirement]
        shown = [heading for heading in headings[f"{key}.md"] if not heading.startswith(questions)]
        assert len(shown) == 1 + len(ids)
        assert [id_ for id_, heading in zip(ids, shown[1:], strict=True) if not heading.startswith(f"{id_} ")] == []
    anchors = {name: {anchor(heading) for heading in found} for name, found in headings.items()}
    links = [
        (name, file or name, place)
        for name, text in pages.items()
        for file, place in re.findall(r"\]\(([\w.-]*\.md|)#([^)]+)\)", text)
    ]
    assert len(links) > len(catalog.current)
    assert [link for link in links if link[2] not in anchors[link[1]]] == []


def test_the_search_page_asks_nobody() -> None:
    """It allows its own script and style by hash and nothing else, and holds all that can be found, as data."""
    text = (ROOT / "docs" / "catalog" / "search.html").read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    for name, key in (("style", "style-src"), ("script", "script-src")):
        found = re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        assert found is not None
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        assert f"{key} 'sha256-{digest}'" in policy[1]
        assert not re.search(r"https?:|//\w|innerHTML|insertAdjacentHTML|eval|fetch", found[1])
    assert policy[1].startswith("default-src 'none'; ")
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert "<" not in data[1]
    catalog = load_catalog([builtin_root()])
    requirements = sum(len(edition.requirement) for edition in catalog.frameworks.values())
    entries = json.loads(data[1])["entries"]
    assert json.loads(data[1])["texts"].keys() == {language.tag for language in LANGUAGES}
    assert len(entries) == len(LANGUAGES) * (len(catalog.current) + requirements)
    assert {entry["p"].partition("#")[0] for entry in entries} <= {
        path.relative_to(ROOT / "docs" / "catalog").as_posix() for path in (ROOT / "docs" / "catalog").rglob("*.md")
    }


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
