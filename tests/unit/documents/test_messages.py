"""The catalogues: whole, alike in both languages, and used."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from catalogue_texts import texts_of
from comprova.catalog.framework import Bearing
from comprova.catalog.query import Kind, Severity
from comprova.catalog.text import Language
from comprova.catalog.translations import catalogue_path
from comprova.documents.deadlines import DeadlineRule
from comprova.documents.definition import Personal, Section
from comprova.documents.display import Display
from comprova.documents.fonts import Fonts
from comprova.documents.messages import read_messages
from comprova.documents.overview import RunFault, RunState
from comprova.documents.wording import Wording
from comprova.errors import ContentError
from comprova.evidence.changes import Change, ChangeReason
from comprova.evidence.findings import AcceptanceState, Obstacle, Recurrence
from comprova.evidence.outcomes import Assurance, CellState, Extent, InterruptionCause, Outcome, ReasonCode, Standing
from comprova.trail.states import FileState, Misfit
from evidence_factory import REASONS
from languages import ENGLISH, LANGUAGES

LISTS: tuple[type[StrEnum], ...] = (
    Outcome, Extent, Standing, Assurance, CellState, Kind, Severity, Bearing, Section, Personal, Recurrence, Obstacle,
    AcceptanceState, DeadlineRule, InterruptionCause, Change, ChangeReason, RunState, RunFault,
)  # fmt: skip
EXPLAINED: tuple[type[StrEnum], ...] = (
    Outcome, Extent, Standing, Assurance, Recurrence, AcceptanceState, DeadlineRule,
)  # fmt: skip
_USED = re.compile(r"""(?:\bt|\bcounted)\("([a-z][\w.-]*)"(?! ~)""")
_MADE = ("attached.", "outcome.", "extent.", "standing.", "assurance.", "cell-state.", "kind.", "severity.", "bearing.",
         "section.", "personal.", "reason.", "count.", "list.", "need.", "file.", "figure.", "misfit.", "totals.",
         "timeline.", "recurrence.", "obstacle.", "acceptance-state.", "deadline-rule.", "interruption-cause.",
         "change.", "change-reason.", "date.", "logged.kind.", "run-state.", "run-fault.", "sign-off.",
         "condition.", "scope.edition.")  # fmt: skip
"""Beginnings of keys that are put together from a value."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_of_the_catalogues_can_be_drawn(templates: Path, fonts: Fonts, language: Language) -> None:
    """No word of ours would appear as an escape."""
    letters = {letter for texts in texts_of(templates, language).values() for text in texts for letter in text}
    assert not {letter for letter in letters if ord(letter) not in fonts.drawable}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_compliant_is_never_written(templates: Path, language: Language) -> None:
    """Documents say what was found, never that a requirement is met."""
    texts = texts_of(templates, language)
    assert not {key for key, said in texts.items() if re.search(r"\bcompliant\b|em conformidade", " ".join(said))}


def test_templates_use_what_the_catalogues_have(templates: Path) -> None:
    """Every key that a template names has a text, and every text is named or put together from a value."""
    texts = texts_of(templates, ENGLISH)
    sources = "\n".join(path.read_text(encoding="utf-8") for path in templates.rglob("*.j2"))
    named = set(_USED.findall(sources))
    assert not named - texts.keys()
    assert not {key for key in texts.keys() - named if not key.startswith(_MADE) and f'"{key}"' not in sources}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_of_a_closed_list_has_words(wordings: Mapping[Language, Wording], language: Language) -> None:
    """No code of the evidence is ever printed for want of a word."""
    wording = wordings[language]
    words = {(type(member), member): wording.word(member) for members in LISTS for member in members}
    assert all(words.values())
    for members in LISTS:
        own = [words[members, member] for member in members]
        assert len(set(own)) == len(own), f"two members of {members.__name__} have the same word"
    assert all(wording.meaning(member) for members in EXPLAINED for member in members)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_said_from_its_facts(wordings: Mapping[Language, Wording], language: Language) -> None:
    """Every code has a sentence, and every fact of the code stands in it."""
    assert {reason.code for reason in REASONS} == set(ReasonCode)
    for reason in REASONS:
        said = wordings[language].reason(reason)
        assert said[0].isupper() or said[0].isdigit()
        assert "{" not in said.replace("\\u{", "")
        for name, value in reason.facts.items():
            if isinstance(value, tuple) and name != "figures":  # codes of our own, which have words
                assert all(item in said for item in value), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_states_of_files_and_misfits_have_words(wordings: Mapping[Language, Wording], language: Language) -> None:
    """What the trail says of a file or a value is translated; what nobody knows yet is shown as it is."""
    wording = wordings[language]
    assert not [state for state in FileState if wording.file_state(state) == state.value != "read"]
    assert not [misfit for misfit in Misfit if wording.misfit(misfit) == misfit.value]
    assert wording.file_state("a new <state>\u200b") == "a new <state>\\u{200B}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_needs_have_words(wordings: Mapping[Language, Wording], language: Language) -> None:
    """Every kind of event has words, whatever the service."""
    said = {wordings[language].need(need) for need in ("management:read", "management:write", "kms", "data:s3")}
    assert len(said) == 4
    assert any("s3" in one for one in said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_list_says_how_many_more(wordings: Mapping[Language, Wording], language: Language) -> None:
    """A thousand accounts take a line, and none is left out of the count."""
    said = wordings[language].list(f"{number:012}" for number in range(1000))
    assert said.count(",") == 12
    assert "988" in said


def test_a_missing_text_or_argument_is_an_error(templates: Path, display: Display) -> None:
    """A key without text, and a text without its argument, end the rendering and name the catalogue."""
    messages = read_messages(templates, ENGLISH, display)
    with pytest.raises(ContentError, match=r"locale/en/.*a text for 'no.such'"):
        messages.text("no.such")
    with pytest.raises(ContentError, match=r"'scope\.job' to use only none"):
        messages.text("scope.job")


def test_a_damaged_catalogue_is_an_error(tmp_path: Path, display: Display) -> None:
    """A catalogue that cannot be read is told by its name."""
    with pytest.raises(ContentError, match=r"locale/en/LC_MESSAGES/comprova\.po"):
        read_messages(tmp_path, ENGLISH, display)
    path = catalogue_path(tmp_path, ENGLISH)
    path.parent.mkdir(parents=True)
    path.write_text('msgid "a\n', encoding="utf-8")
    with pytest.raises(ContentError, match="a gettext catalogue"):
        read_messages(tmp_path, ENGLISH, display)


def test_arguments_are_text_and_nothing_else(templates: Path, display: Display) -> None:
    """What fills a message is escaped, and braces in it stay braces."""
    messages = read_messages(templates, ENGLISH, display)
    assert messages.text("scope.job", job="{n}\u202e%s") == "Job: {n}\\u{202E}%s."
    assert messages.counted("findings", 1, n="1") == "1 finding"
    assert messages.counted("findings", 0, n="0") == "0 findings"
