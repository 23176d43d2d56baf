"""A third language for tests: Spanish catalogues, in which each text is the English one with a mark around it."""

from pathlib import Path

from babel.messages.pofile import read_po, write_po

from comprova.catalog.text import Language
from comprova.catalog.translations import Domain, catalogue_path
from comprova.content import ContentRoot, builtin_root
from languages import ENGLISH

SPANISH = Language("es")
MARK = "«"
DATES = {
    "date.day": "d 'de' MMMM 'de' y",
    "date.day.first": "d 'de' MMMM 'de' y",
    "date.axis": "d MMM",
    "date.from.year": "d 'de' MMMM",
    "date.from.year.first": "d 'de' MMMM",
    "date.from.month": "d",
    "date.from.month.first": "d",
}
"""What is a pattern and no words."""


def write_spanish(folder: Path, *domains: Domain) -> ContentRoot:
    """Write a project with Spanish catalogues of some domains, or of all."""
    root = ContentRoot(folder, builtin=False)
    for domain in domains or Domain:
        with catalogue_path(builtin_root().folder("templates"), ENGLISH, domain).open("rb") as file:
            catalogue = read_po(file)
        catalogue.locale = SPANISH
        for message in catalogue:
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                texts = (message.string,) if isinstance(message.string, str) else message.string or ()
                marked = tuple(DATES.get(key) or f"{MARK}{text}»" for text in texts)
                message.string = marked[0] if isinstance(message.string, str) else marked
        path = catalogue_path(root.folder("templates"), SPANISH, domain)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue)
    return root
