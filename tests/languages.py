"""The languages that comprova ships, for tests."""

from comprova.catalog.translations import languages_in
from comprova.content import builtin_root

LANGUAGES = languages_in(builtin_root().folder("templates"))
ENGLISH, PORTUGUESE = LANGUAGES
