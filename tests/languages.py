"""The languages that comprova ships, for tests."""

from comprova.content import builtin_root
from comprova.documents.messages import languages_in

LANGUAGES = languages_in(builtin_root().folder("templates"))
ENGLISH, PORTUGUESE = LANGUAGES
