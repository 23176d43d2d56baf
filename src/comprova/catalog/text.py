"""Text for readers, in every language that comprova speaks."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Language(StrEnum):
    """A language of documents and content; the value is a gettext and CLDR locale name."""

    EN = "en"
    PT_BR = "pt_BR"

    @property
    def tag(self) -> str:
        """The BCP 47 tag, as HTML and PDF want it."""
        return self.value.replace("_", "-")


Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Text(BaseModel):
    """One thing said in both languages; neither may be missing."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    en: Line
    pt_BR: Line  # noqa: N815 - the locale's name is the key in every content file

    def of(self, language: Language) -> str:
        """Return the text in a language."""
        match language:
            case Language.EN:
                return self.en
            case Language.PT_BR:
                return self.pt_BR
