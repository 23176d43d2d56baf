"""Pseudonyms: what stands in a masked document for the name of a person, or the address one called from.

A pseudonym is a keyed hash (HMAC-SHA-256) of a name. The key is made of the hashes of the log files that were read.
They are sealed with the evidence, in `files.csv`, and stand in no document, so a reader of documents cannot find out a
name by hashing guesses. The same logs give the same pseudonyms; other logs give others. Whoever has the evidence finds
the names in its table `pseudonyms.csv`. Decision 0008 says what this protects against, and what not.
"""

import base64
import csv
import hashlib
import hmac
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from comprova.evidence.csv_guard import guarded
from comprova.evidence.secrets import MASK, Secrets

_PURPOSE = b"comprova pseudonyms 1"
_PREFIX = "P-"
_LENGTH = 10
"""Characters of base 32, 50 bits: of 100,000 names, the chance that any two share a pseudonym is below 1 in 200,000."""

_ARN = re.compile(
    r"(?P<before>arn:[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:(?P<account>[^:]*):)(?P<resource>.+)", re.DOTALL | re.IGNORECASE
)
_SEGMENT = re.compile(r"[^/:]+")
_NOT_PEOPLE = frozenset(
    {
        "root", "role", "group", "policy", "instance-profile", "saml-provider", "oidc-provider", "permissionset",
        "instance", "server-certificate",
    }
)  # fmt: skip
"""Kinds of resources whose names say what they are for. A role may be named after a person; nothing can tell."""
_ROLE_SESSION = "assumed-role"
_PLAIN = re.compile(
    r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?|AWS Internal|AWS ROOT USER|HIDDEN_DUE_TO_SECURITY_REASONS|root|[0-9]{12}|\*"
)
"""What stands where a name could and is none: services, accounts, and what AWS writes instead of a name."""


class Pseudonyms:
    """The pseudonyms of one evidence folder.

    Args:
        key: Secret from readers of documents; None where there is nothing to make one of. Names are then left out.
    """

    def __init__(self, key: bytes | None) -> None:
        self._key = key

    def of(self, name: str) -> str:
        """Return the pseudonym of a name; names that differ only in the case of letters share one."""
        if self._key is None:
            return MASK
        digest = hmac.digest(self._key, name.casefold().encode("utf-8", "surrogatepass"), "sha256")
        return _PREFIX + base64.b32encode(digest).decode().lower()[:_LENGTH]

    def masked(self, text: str) -> str:
        """Return a text of a personal column or parameter with pseudonyms in place of the names in it."""
        parts: list[str] = []
        done = 0
        for start, end in _spans(text):
            parts += [text[done:start], self.of(text[start:end])]
            done = end
        return "".join([*parts, text[done:]])

    def masked_value(self, value: object) -> object:
        """Return a value with every text in it masked."""
        match value:
            case str():
                return self.masked(value)
            case list() | tuple():
                return [self.masked_value(item) for item in value]
            case Mapping():
                return {key: self.masked_value(item) for key, item in value.items()}
            case _:
                return value


def names_in(value: object) -> Iterator[str]:
    """Yield the names for which pseudonyms stand in a masked value."""
    match value:
        case str():
            for start, end in _spans(value):
                yield value[start:end]
        case list() | tuple():
            for item in value:
                yield from names_in(item)
        case Mapping():
            for item in value.values():
                yield from names_in(item)


def pseudonyms_of(files_csv: Path) -> Pseudonyms:
    """Return the pseudonyms of the evidence that this list of log files belongs to."""
    data = files_csv.read_bytes()
    rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
    known = any(row["sha256"] or row["etag"] for row in rows)
    return Pseudonyms(hmac.digest(_PURPOSE, data, hashlib.sha256) if known else None)


def pseudonym_table(pseudonyms: Pseudonyms, names: Iterable[str], secrets: Secrets) -> bytes:
    """Return `pseudonyms.csv`: each pseudonym beside each name that it stands for, safe to open in a spreadsheet."""
    rows = sorted({(pseudonyms.of(name), name) for name in names})
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(("pseudonym", "name"))
    writer.writerows((pseudonym, guarded(secrets.masked(name)[0])) for pseudonym, name in rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where names stand in a text: in an ARN the parts that may name a person, else the whole of it."""
    if not text or _PLAIN.fullmatch(text):
        return
    arn = _ARN.fullmatch(text)
    segments = list(_SEGMENT.finditer(text, arn.start("resource"))) if arn else []
    if arn is None or not segments:
        yield 0, len(text)
        return
    kind, *parts = segments
    if arn["account"] == "aws" or kind[0].lower() in _NOT_PEOPLE:
        return
    for part in parts[1:] if kind[0] == _ROLE_SESSION else parts or segments:
        if not _PLAIN.fullmatch(part[0]):
            yield part.span()
