"""The words of the documents: what their catalogue says, with its arguments made safe to show.

A key without text is an error, never printed.
"""

from gettext import GNUTranslations
from pathlib import Path

from comprova.catalog.text import Language
from comprova.catalog.translations import Domain, named_in_messages, read_translations
from comprova.documents.display import Display, Shown
from comprova.errors import ContentError, Problem


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
    translations = read_translations(templates, language, Domain.DOCUMENTS)
    return Messages(translations, named_in_messages(language, Domain.DOCUMENTS), display)
