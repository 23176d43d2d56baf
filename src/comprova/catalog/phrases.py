"""Sentences of comprova's own by key, in the language of their reader."""

from collections.abc import Mapping
from functools import cached_property
from gettext import GNUTranslations
from pathlib import Path

from comprova.catalog.text import SOURCE, Language, Text, in_source
from comprova.catalog.translations import Domain, catalogue_path, languages_in, named_in_messages, read_translations
from comprova.errors import ContentError, Problem


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
        except (AttributeError, IndexError, KeyError, ValueError) as error:
            where = named_in_messages(self.language, self._domain)
            given = ", ".join(f"{{{name}}}" for name in sorted(facts)) or "no braces"
            raise ContentError(Problem(where, f"{key!r} to use only {given}", repr(text))) from error
