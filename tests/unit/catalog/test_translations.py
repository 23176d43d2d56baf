"""The catalogues of every domain: whole, alike in all languages, used, and no matter of code."""

import re
from pathlib import Path

import pytest

from catalogue_texts import names_in, texts_of
from comprova.catalog.framework import Bearing, Coverage, Elsewhere
from comprova.catalog.phrases import Phrases
from comprova.catalog.query import Kind, Severity
from comprova.catalog.text import Text
from comprova.catalog.translations import Domain, catalogue_path, known_languages
from comprova.content import builtin_root, templates_of
from comprova.errors import ContentError
from languages import ENGLISH, LANGUAGES, PORTUGUESE
from third_language import MARK, SPANISH, write_spanish

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = builtin_root().folder("templates")
WRITERS = {
    Domain.PAGES: ("src/comprova/catalog/pages.py", "docs/generate.py"),
    Domain.PROJECT: ("src/comprova/jobs/starter.py", "src/comprova/jobs/starter_job.py"),
}
"""The modules that say what a domain has."""
LISTS = {"kind": Kind, "kind-meaning": Kind, "severity": Severity, "bearing": Bearing, "coverage": Coverage,
         "elsewhere": Elsewhere, "search": ("intro", "label", "more", "page", "some", "all")}  # fmt: skip
"""Keys that are put together from a value."""


@pytest.mark.parametrize("domain", Domain)
def test_all_catalogues_of_a_domain_say_the_same_things(domain: Domain) -> None:
    """The same keys, the same plurals, the same names to fill in, and no text missing."""
    english, *others = (texts_of(TEMPLATES, language, domain) for language in LANGUAGES)
    differing = {
        key
        for other in others
        for key in english.keys() | other.keys()
        if key not in english
        or key not in other
        or len(english[key]) != len(other[key])
        or not all((*english[key], *other[key]))
        or names_in(english[key]) != names_in(other[key])
    }
    assert differing == set()


@pytest.mark.parametrize("domain", WRITERS)
def test_what_is_said_has_a_text_and_every_text_is_said(domain: Domain) -> None:
    """No key in Python lacks its text, and no text lies in a catalogue for nothing."""
    source = "".join((ROOT / path).read_text(encoding="utf-8") for path in WRITERS[domain])
    texts = texts_of(TEMPLATES, ENGLISH, domain).keys()
    made = {f"{name}.{value}" for name, values in LISTS.items() for value in values} & texts
    named = set(re.findall(r"""["']([a-z]+(?:[.-][a-z]+)*)["']""", source))
    assert texts - named - made == set()
    said = re.findall(r"""\b(?:text|counted|prose|_say|_counted|_part|in_all_languages)\(["']([a-z.-]+)["']""", source)
    assert set(said) - texts == set()


def test_no_translation_stands_in_python() -> None:
    """A sentence in another language is in a catalogue or in content; the sample tells what it planted by itself."""
    modules = [*ROOT.glob("src/comprova/**/*.py"), *ROOT.glob("docs/**/*.py"), *ROOT.glob("docs/search/*")]
    spoken = re.compile(rf"""\b(?:{"|".join(LANGUAGES[1:])})["']?\s*[=:]""")
    said = {path.relative_to(ROOT).as_posix() for path in modules if spoken.search(path.read_text(encoding="utf-8"))}
    assert said == {"src/comprova/sample/facts.py"}


def test_a_language_without_a_catalogue_of_a_domain_says_it_in_english(tmp_path: Path) -> None:
    """With the mark of it; where a text has forms for numbers, with the one that fits."""
    with templates_of((builtin_root(), write_spanish(tmp_path, Domain.DOCUMENTS))) as templates:
        phrases = Phrases(templates, SPANISH, Domain.PAGES)
        assert phrases.languages == ("en", "es", "pt_BR")
        assert phrases.text("questions") == "Questions [en]"
        assert [phrases.counted("look-back.days", n, n=n) for n in (1, 2)] == ["1 day [en]", "2 days [en]"]
        assert SPANISH not in phrases.in_all_languages("questions").languages


def test_a_language_says_what_its_catalogue_has(tmp_path: Path) -> None:
    """And in English, with the mark of it, what that lacks."""
    project = write_spanish(tmp_path)
    path = catalogue_path(project.folder("templates"), SPANISH, Domain.PAGES)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgid "questions"', 'msgid "unused"'), encoding="utf-8")
    with templates_of((builtin_root(), project)) as templates:
        phrases = Phrases(templates, SPANISH, Domain.PAGES)
        assert phrases.text("changes") == f"{MARK}Changes»"
        assert phrases.text("questions") == "Questions [en]"
        said = phrases.in_all_languages("changes")
    assert said == Text(en="Changes", es=f"{MARK}Changes»", pt_BR="Mudanças")


def test_numbers_have_their_form_in_portuguese() -> None:
    """One is one, and none and two are several."""
    phrases = Phrases(TEMPLATES, PORTUGUESE, Domain.PAGES)
    assert [phrases.counted("look-back.days", n, n=n) for n in (1, 2, 30)] == ["1 dia", "2 dias", "30 dias"]


@pytest.mark.parametrize("wrong", ["{valor}", "{value.real.none}", "{0}", "{", "{value!x}"])
def test_a_text_that_names_what_is_not_given_is_refused(tmp_path: Path, wrong: str) -> None:
    """The message names the catalogue, the key and what may stand there."""
    project = write_spanish(tmp_path)
    path = catalogue_path(project.folder("templates"), SPANISH, Domain.PAGES)
    path.write_text(path.read_text(encoding="utf-8").replace("{value}", wrong), encoding="utf-8")
    with templates_of((builtin_root(), project)) as templates:
        phrases = Phrases(templates, SPANISH, Domain.PAGES)
        with pytest.raises(ContentError, match=r"es/LC_MESSAGES/pages\.po: .*'parameter\.default' to use .*\{value\}"):
            phrases.text("parameter.default", value="1")


def test_a_text_that_nobody_has_is_an_error() -> None:
    """Nothing is printed as its key."""
    phrases = Phrases(TEMPLATES, PORTUGUESE, Domain.PAGES)
    with pytest.raises(ContentError, match=r"locale/en/LC_MESSAGES/pages\.po: expected a text for 'no\.such'"):
        phrases.text("no.such")


def test_a_language_that_nobody_has_is_refused() -> None:
    """The message says which there are, and how to add one."""
    with pytest.raises(ContentError, match=r"--language: expected .*\(en, pt_BR\).*docs/languages\.md"):
        known_languages((SPANISH,), TEMPLATES, where="--language")
