"""The gettext catalogues of `templates/locale`: which languages there are, and what each of their domains says.

The message ids are keys (`outcome.no-exceptions`), so that no sentence for a reader stands in Python, and all languages
are catalogues of the same kind.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from comprova.catalog.text import SOURCE, Language, Text, in_source
from comprova.errors import ContentError, Problem


class Domain(StrEnum):
    """What texts are for: each domain is a file of its own in the folder of a language."""

    DOCUMENTS = "comprova"
    """Reports and overviews: a folder that has this one is a language."""
    PAGES = "pages"
    """Pages of the catalogue, in docs/ and on a terminal."""
    PROJECT = "project"
    """What `comprova init` writes into a new project."""


def catalogue_path(templates: Path, language: Language, domain: Domain = Domain.DOCUMENTS) -> Path:
    """Return where the catalogue of a language is."""
    return templates / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def languages_in(*folders: Path) -> tuple[Language, ...]:
    """Return the languages of which any of some templates folders has a catalogue, English first, then by name.

    Raises:
        ContentError: A folder of catalogues is not named as a language.
    """
    pattern = f"locale/*/LC_MESSAGES/{Domain.DOCUMENTS}.po"
    found = {path.parent.parent.name for folder in folders for path in folder.glob(pattern)}
    try:
        return tuple(sorted(map(Language, found), key=lambda language: (language != SOURCE, language)))
    except ValueError as error:
        raise ContentError(Problem("templates/locale", str(error), ", ".join(sorted(found)))) from error


def known_languages(
    wanted: tuple[Language, ...] | None, *folders: Path, where: str = "--languages"
) -> tuple[Language, ...]:
    """Return the languages that are wanted, or all that any of some templates folders has a catalogue of.

    Raises:
        ContentError: One that is wanted has no catalogue.
    """
    known = languages_in(*folders)
    if unknown := [language for language in wanted or () if language not in known]:
        hint = "docs/languages.md says how to add one."
        expected = f"languages that have a catalogue ({', '.join(known)})"
        raise ContentError(Problem(where, expected, ", ".join(unknown), hint))
    return wanted or known


def named_in_messages(language: Language, domain: Domain) -> str:
    """Return how messages name a catalogue."""
    return f"templates/locale/{language}/LC_MESSAGES/{domain}.po"


def read_translations(templates: Path, language: Language, domain: Domain) -> GNUTranslations:
    """Read and compile a catalogue.

    Raises:
        ContentError: There is none, or it is not a gettext catalogue.
    """
    compiled = BytesIO()
    try:
        with catalogue_path(templates, language, domain).open("rb") as file:
            write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    except (OSError, PoFileError, UnicodeDecodeError) as error:
        where = named_in_messages(language, domain)
        raise ContentError(Problem(where, "a gettext catalogue in UTF-8", str(error))) from error
    compiled.seek(0)
    return GNUTranslations(compiled)


class Phrases:
    """What a domain says in one language; what that language lacks is said in English, with a mark.

    Args:
        templates: The folder of templates.
        language: Of the texts; it may have no catalogue of this domain.
        domain: Which texts.

    Raises:
        ContentError: A catalogue cannot be read, or a language has a name that is none.
    """

    def __init__(self, templates: Path, language: Language, domain: Domain) -> None:
        self.language = language
        self._templates = templates
        self._domain = domain
        self._source = read_translations(templates, SOURCE, domain)
        has_own = catalogue_path(templates, language, domain).is_file()
        self._own = read_translations(templates, language, domain) if has_own else self._source

    def text(self, key: str, /, **facts: object) -> str:
        """Return a text with its facts in place.

        Raises:
            ContentError: No catalogue has the key, or the text names a fact that is not given.
        """
        return self._said(key, self._own.gettext(key), self._source.gettext(key), facts)

    def counted(self, key: str, count: int, /, **facts: object) -> str:
        """Return the form of a text that fits a count; the count is not among the facts by itself.

        Raises:
            ContentError: No catalogue has the key, or the text names a fact that is not given.
        """
        own, source = (one.ngettext(key, key, count) for one in (self._own, self._source))
        return self._said(key, own, source, facts)

    def in_all_languages(self, key: str) -> Text:
        """Return a text in every language that has it.

        Raises:
            ContentError: English lacks it, or a catalogue cannot be read.
        """
        said = {language: one.gettext(key) for language, one in self._all.items()}
        others = {language: text for language, text in said.items() if text != key and language != SOURCE}
        return Text(en=self._said(key, said[SOURCE], said[SOURCE], {}), **others)

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """All languages that documents can be made in, English first."""
        return languages_in(self._templates)

    @cached_property
    def _all(self) -> Mapping[Language, GNUTranslations]:
        return {
            language: read_translations(self._templates, language, self._domain)
            for language in self.languages
            if catalogue_path(self._templates, language, self._domain).is_file()
        }

    def _said(self, key: str, own: str, source: str, facts: Mapping[str, object]) -> str:
        if source == key:
            raise ContentError(Problem(named_in_messages(SOURCE, self._domain), f"a text for {key!r}", "none"))
        own_lacks_it = own == key or (self._own is self._source and self.language != SOURCE)
        text = in_source(source) if own_lacks_it else own
        try:
            return text.format_map(facts)
        except (KeyError, ValueError, IndexError) as error:
            where = named_in_messages(self.language, self._domain)
            given = ", ".join(f"{{{name}}}" for name in sorted(facts)) or "no braces"
            raise ContentError(Problem(where, f"{key!r} to use only {given}", repr(text))) from error
