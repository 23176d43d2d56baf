r"""Turns any value into text that is safe to show: nothing invisible, nothing that the shipped fonts cannot draw.

Attackers write parts of the logs. A bidirectional override would show text reversed, a zero-width character would hide
a difference, and a character without a glyph would be drawn with whatever font the machine happens to have. All of them
become visible escapes such as `\u{202E}`, in every document and for all text, so that what is printed is what was
logged.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import groupby

from comprova.evidence.secrets import Secrets

_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Mn", "Me"}
_OTHER_SPACES = "Zs"
_DIGEST_SHOWN = 12


class Shown(str):
    """Text that has gone through a `Display` once; doing so again would escape its escapes."""

    __slots__ = ()


class Display:
    """The one function for text from elsewhere, bound to the characters that the fonts can draw.

    Args:
        drawable: Code points that every font of the document has, or falls back for to another font of the document.
        most: Most characters of one logged value; a longer one is cut and named by its SHA-256.
        secrets: What is masked in values.
    """

    def __init__(self, drawable: Iterable[int], most: int, secrets: Secrets) -> None:
        allowed = sorted(code for code in drawable if _visible(code))
        self._refused = re.compile(rf"[^{_ranges(allowed)}]|\\(?=u\{{)")
        self._most = most
        self._secrets = secrets

    def text(self, text: str, *, keep: str = "\n") -> Shown:
        r"""Return text of our own content: what cannot be shown is escaped, line ends may stay.

        Args:
            text: What to show.
            keep: Characters that stay although they are invisible.
        """
        if isinstance(text, Shown):
            return text
        return Shown(self._refused.sub(lambda match: match[0] if match[0] in keep else _escape(match[0]), text))

    def value(self, value: object) -> Shown:
        """Return one logged value on one line: secrets masked, escaped, and cut with a hash of what was cut."""
        shown, _ = self._secrets.masked_value(value)
        text = plain(shown)
        if len(text) <= self._most:
            return self.text(text, keep="")
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_SHOWN]
        shown = self.text(text[: self._most], keep="")
        return Shown(f"{shown}… [{len(text)}, SHA-256 {digest}…]")


def plain(value: object) -> str:
    """Return the text of one typed value: times as ISO 8601 with Z, lists in brackets, NULL as an em dash."""
    match value:
        case None:
            text = "—"
        case "":
            text = "“”"
        case bool():
            text = "true" if value else "false"
        case datetime():
            moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            text = f"{moment.isoformat(sep=' ', timespec='milliseconds').removesuffix('.000')}Z"
        case date():
            text = value.isoformat()
        case list() | tuple():
            text = f"[{', '.join(plain(item) for item in value)}]"
        case dict():
            text = f"{{{', '.join(f'{key}: {plain(item)}' for key, item in value.items())}}}"
        case _:
            text = str(value)
    return text


def _visible(code: int) -> bool:
    category = unicodedata.category(chr(code))
    return category not in _INVISIBLE and (category != _OTHER_SPACES or code == ord(" "))


def _escape(characters: str) -> str:
    return "".join(f"\\u{{{ord(character):X}}}" for character in characters)


def _ranges(codes: Sequence[int]) -> str:
    runs = []
    for _, run in groupby(enumerate(codes), key=lambda pair: pair[1] - pair[0]):
        members = [code for _, code in run]
        runs.append(f"\\U{members[0]:08X}-\\U{members[-1]:08X}")
    return "".join(runs)
