"""Text for readers, in the languages that content is written in."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, StringConstraints, model_validator
from pydantic_core import CoreSchema, core_schema

from comprova.catalog.toml_faults import UnmetRuleError

_LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_([A-Z]{2}|[0-9]{3}))?")


class Language(str):
    """A language of documents and content, by its gettext and CLDR locale name: `en`, `pt_BR`, `zh_Hant_TW`.

    Which ones there are is no matter of code: each folder of `templates/locale/` is one.

    Raises:
        ValueError: It is no name of that form.
    """

    __slots__ = ()

    def __new__(cls, name: str) -> Self:
        """Check the form of the name."""
        if not _LOCALE.fullmatch(name):
            message = "the name of a language, such as en, pt_BR or es"
            raise ValueError(message)
        return super().__new__(cls, name)

    @property
    def tag(self) -> str:
        """The BCP 47 tag, as HTML and PDF want it."""
        return self.replace("_", "-")

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Have models read it from text, also where they are strict."""
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())


SOURCE = Language("en")
"""The language that content is written in first: what lacks another is shown in this one, and says so."""

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class InLanguages(BaseModel):
    """Base of what is said in English, and in any number of other languages: their names are further keys."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    @model_validator(mode="after")
    def _keys_are_languages(self) -> Self:
        for name in self.model_extra or {}:
            try:
                Language(name)
            except ValueError as error:
                raise UnmetRuleError(str(error), repr(name), name) from error
        return self

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages in which it is said."""
        return (SOURCE, *(Language(name) for name in self.model_extra or {}))


class Text(InLanguages):
    """One thing said in several languages."""

    __pydantic_extra__: dict[str, Line]

    en: Line

    if TYPE_CHECKING:

        def __init__(self, *, en: str, **others: Any) -> None:
            """Languages are no matter of types, so a type checker must let their names pass."""

    def of(self, language: Language) -> str:
        """Return the text in a language; where it lacks that, the English text with a mark that it is English."""
        said = self.said.get(language)
        return said if said is not None else in_source(self.en)

    @property
    def said(self) -> Mapping[Language, str]:
        """The text by language, English first."""
        return {SOURCE: self.en, **{Language(name): text for name, text in self.__pydantic_extra__.items()}}


def in_source(text: str) -> str:
    """Return an English text as it stands in a document of another language, with its mark."""
    return f"{text} [{SOURCE.tag}]"


def texts_in(value: object) -> Iterator[InLanguages]:
    """Yield all that a model of content says in languages, however deep it stands."""
    match value:
        case InLanguages():
            yield value
        case BaseModel():
            for name in type(value).model_fields:
                yield from texts_in(getattr(value, name))
        case tuple() | list():
            for item in value:
                yield from texts_in(item)
        case dict():
            yield from texts_in(list(value.values()))
        case _:
            pass


def untranslated(value: object, language: Language) -> int:
    """Return how many texts of a model of content are not said in a language."""
    return sum(1 for text in texts_in(value) if language not in text.languages)
