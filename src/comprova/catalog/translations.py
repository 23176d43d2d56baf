"""The gettext catalogues of `templates/locale`: each folder there is a language.

The message ids are keys (`outcome.no-exceptions`), so that no sentence for a reader stands in Python, and all languages
are catalogues of the same kind.
"""

from enum import StrEnum
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from comprova.catalog.text import SOURCE, Language
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
