"""What the gettext catalogues say, for tests."""

from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po

from comprova.catalog.text import Language
from comprova.catalog.translations import Domain, catalogue_path


def texts_of(templates: Path, language: Language, domain: Domain = Domain.DOCUMENTS) -> dict[str, tuple[str, ...]]:
    """Return the texts of a catalogue by key: several where a text has a form for each number."""
    with catalogue_path(templates, language, domain).open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    return {
        (message.id if isinstance(message.id, str) else message.id[0]): (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        for message in catalogue
        if message.id
    }


def names_in(texts: tuple[str, ...]) -> set[str]:
    """Return what is to be filled in."""
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}
