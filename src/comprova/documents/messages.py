"""The words of the documents: gettext catalogues, compiled when they are read.

The message ids are keys (`outcome.no-exceptions`), so that no sentence stands in Python or in a template, and both
languages are catalogues of the same kind. A key without text is an error, never printed.
"""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from comprova.catalog.text import SOURCE, Language
from comprova.documents.display import Display, Shown
from comprova.errors import ContentError, Problem

DOMAIN = "comprova"


def catalogue_path(templates: Path, language: Language) -> Path:
    """Return where the catalogue of a language is."""
    return templates / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def languages_in(*folders: Path) -> tuple[Language, ...]:
    """Return the languages of which any of some templates folders has a catalogue, English first, then by name.

    Raises:
        ContentError: A folder of catalogues is not named as a language.
    """
    found = {path.parent.parent.name for folder in folders for path in folder.glob(f"locale/*/LC_MESSAGES/{DOMAIN}.po")}
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


class Messages:
    """The catalogue of one language.

    Args:
        translations: The compiled catalogue.
        where: Its file, for errors.
        display: Through which the arguments of messages go.
    """

    def __init__(self, translations: GNUTranslations, where: str, display: Display) -> None:
        self._translations = translations
        self._where = where
        self._display = display

    def has(self, key: str) -> bool:
        """Tell whether the catalogue has a text for a key."""
        return self._translations.gettext(key) != key

    def text(self, key: str, /, **arguments: str) -> Shown:
        """Return a message with its arguments in place.

        Raises:
            ContentError: The catalogue lacks the key, or the message names an argument that is not given.
        """
        return self._filled(key, self._translations.gettext(key), arguments)

    def counted(self, key: str, count: int, /, **arguments: str) -> Shown:
        """Return the form of a message that fits a count; the count is not among the arguments by itself.

        Raises:
            ContentError: The catalogue lacks the key, or the message names an argument that is not given.
        """
        return self._filled(key, self._translations.ngettext(key, key, count), arguments)

    def _filled(self, key: str, message: str, arguments: dict[str, str]) -> Shown:
        if message == key:
            raise ContentError(Problem(self._where, f"a text for {key!r}", "none"))
        try:
            text = message.format_map({name: self._display.text(value) for name, value in arguments.items()})
        except KeyError as error:
            given = ", ".join(sorted(arguments)) or "none"
            raise ContentError(Problem(self._where, f"{key!r} to use only {given}", f"{{{error.args[0]}}}")) from error
        return Shown(text)


def read_messages(templates: Path, language: Language, display: Display) -> Messages:
    """Read and compile the catalogue of a language.

    Raises:
        ContentError: There is none, or it is not a gettext catalogue.
    """
    path = catalogue_path(templates, language)
    where = f"templates/locale/{language}/LC_MESSAGES/{path.name}"
    compiled = BytesIO()
    try:
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    except (OSError, PoFileError, UnicodeDecodeError) as error:
        raise ContentError(Problem(where, "a gettext catalogue in UTF-8", str(error))) from error
    compiled.seek(0)
    return Messages(GNUTranslations(compiled), where, display)
