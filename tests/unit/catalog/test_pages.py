"""Pages of the catalogue: what they say of a question, a pack and an edition, and that their links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.pages import Pages, anchor, citations
from comprova.catalog.phrases import Phrases
from comprova.catalog.text import Language
from comprova.catalog.translations import Domain
from comprova.content import builtin_root, templates_of
from content_builder import BUILTIN, FRAMEWORK, KEY_AGE, ROOT_USE, changed, write_root
from languages import ENGLISH, LANGUAGES, PORTUGUESE
from third_language import MARK, SPANISH, write_spanish

LATER = "queries/frameworks/acts-2027.toml"


@pytest.fixture(scope="module")
def spanish_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give templates with a Spanish catalogue of every domain."""
    project = write_spanish(tmp_path_factory.mktemp("project"))
    with templates_of((builtin_root(), project)) as templates:
        yield templates


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Return content with a title that Markdown would take for its own, and an edition that another one ends."""
    files = changed(BUILTIN, ROOT_USE, 'title.en = "Text"', 'title.en = "<b>*Root* [use](x)_|</b>"')
    later = files[FRAMEWORK].replace('edition = "2026"', 'edition = "2027"\nsupersedes = "2026"')
    return load_catalog([write_root(tmp_path, {**files, LATER: later.replace("2010-01-01", "2027-01-01")})])


def pages_in(catalog: Catalog, language: Language, *, linked: bool, templates: Path | None = None) -> Pages:
    """Return what writes pages in a language."""
    phrases = Phrases(templates or builtin_root().folder("templates"), language, Domain.PAGES)
    return Pages(catalog, phrases, linked=linked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_to_headings(catalog: Catalog, language: Language) -> None:
    """From a pack to its editions and back, in both languages; nothing that content says becomes a link or markup."""
    pages = pages_in(catalog, language, linked=True)
    made = {f"{pack.id}.md": "\n".join(pages.pack(pack)) for pack in catalog.packs.values()}
    made |= {f"{edition.key}.md": "\n".join(pages.framework(edition)) for edition in catalog.frameworks.values()}
    anchors = {
        name: {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        for name, text in made.items()
    }
    links = [
        (name, *link)
        for name, text in made.items()
        for link in re.findall(r"(?<!\\)\[(?:\\.|[^\]\\])*\]\(([^#)]*)#?([^)]*)\)", text)
    ]
    assert {(name, file) for name, file, _ in links} >= {
        ("identity.md", "acts-2026.md"),
        ("acts-2026.md", "identity.md"),
    }
    assert [link for link in links if link[2] not in anchors[link[1] or link[0]]] == []
    assert "<b>" not in made["identity.md"]


def test_an_edition_says_until_when_it_was_in_force(catalog: Catalog) -> None:
    """The day before the one that supersedes it."""
    pages = pages_in(catalog, PORTUGUESE, linked=False)
    said = {key: "\n".join(pages.framework(edition)) for key, edition in catalog.frameworks.items()}
    assert "em vigor de 2010-01-01 a 2026-12-31" in said["acts-2026"]
    assert "em vigor desde 2027-01-01\n" in said["acts-2027"]
    assert "o CloudTrail fornece: nenhuma; a evidência é reunida por pessoas" in said["acts-2026"]


def test_a_question_names_every_requirement_that_names_it(catalog: Catalog) -> None:
    """By edition and in its order, with what it does for each; where there is none, that is said."""
    cited = citations(catalog, catalog.query("identity.key_age").ref)
    assert [(item.framework.key, item.requirement.id, item.bearing.value) for item in cited] == [
        ("acts-2026", "2", "supports"),
        ("acts-2027", "2", "supports"),
    ]
    page = "\n".join(pages_in(catalog, ENGLISH, linked=False).query(catalog.query("identity.key_age")))
    assert "- acts-2026 2 (supports): Text" in page
    assert "- Looks back before the period: `max_age_days`" in page
    assert f"- File: `{KEY_AGE}`" in page


def test_a_third_language_has_pages_by_its_catalogue_alone(catalog: Catalog, spanish_templates: Path) -> None:
    """Every word of ours on a page comes from the catalogue; what content lacks stands in English with its mark."""
    pages = pages_in(catalog, SPANISH, linked=False, templates=spanish_templates)
    [pack], [edition, _] = catalog.packs.values(), catalog.frameworks.values()
    written = [*pages.pack(pack), *pages.framework(edition)]
    said = [line for line in written if re.search(r"[a-z]{3}", re.sub(r"`[^`]*`", "", line))]
    unmarked = [line for line in said if MARK not in line and "[en]" not in line]
    assert [line for line in unmarked if not line.startswith(("## identity.", "- 1.0.0, "))] == []
    assert f"### {MARK}What the answer cannot show»" in written


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("identity.root_activity", "identityroot_activity"),
        ("10.2.1.2 Ações administrativas", "10212-ações-administrativas"),
        ("Art. 46, § 1º Padrões", "art-46--1º-padrões"),
        (r"164.308(a)(1)(ii)(D) A \*b\*", "164308a1iid-a-b"),
    ],
)
def test_anchors_are_those_of_github(heading: str, expected: str) -> None:
    """Small letters, digits, - and _ stay, of any alphabet; a space is a hyphen, and all else goes."""
    assert anchor(heading) == expected
