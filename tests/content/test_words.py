"""The Portuguese of documents and content uses one word per thing: the one in `words.toml`."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue_texts import texts_of
from comprova.catalog.catalog import load_catalog
from comprova.catalog.text import texts_in
from comprova.catalog.translations import Domain
from comprova.content import builtin_root
from comprova.sample import story
from languages import PORTUGUESE

WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))["word"]
_ROOT = Path(__file__).resolve().parents[2]
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)
"""What stands in a page and is no Portuguese: code, and where links lead."""
_FILLED = re.compile(r"\{\w+\}")


def _texts() -> Iterator[tuple[str, str]]:
    """Yield every Portuguese text of ours, with where it stands."""
    templates = builtin_root().folder("templates")
    for domain in Domain:
        for key, texts in texts_of(templates, PORTUGUESE, domain).items():
            yield from ((f"{domain}.po {key}", text) for text in texts)
    for path in (_ROOT / "README.pt-BR.md", *sorted((_ROOT / "docs").glob("*.pt-BR.md"))):
        for paragraph in _CODE.sub("", path.read_text(encoding="utf-8")).split("\n\n"):
            yield path.name, " ".join(paragraph.split())
    told = story()
    events = [text for incident in told.incidents for text in (incident.title, incident.story)]
    reasons = [one.reason for incident in told.incidents for one in incident.near_misses]
    reasons += [one.reason for one in told.explained]
    yield from (("the sample", text.pt) for text in (*events, *reasons))
    catalog = load_catalog([builtin_root()])
    content = {
        **{str(query.ref): query.block for query in catalog.current},
        **catalog.packs,
        **catalog.frameworks,
        **catalog.parameters,
    }
    for name, block in content.items():
        for text in texts_in(block):
            said = text.model_extra[PORTUGUESE] if text.model_extra else ()
            yield from ((name, one) for one in ((said,) if isinstance(said, str) else said))


def _wrong(word: dict[str, str], text: str) -> list[str]:
    allowed = _FILLED.sub("", text)
    if "unless" in word:
        allowed = re.sub(word["unless"], "", allowed, flags=re.IGNORECASE)
    return [match[0] for match in re.finditer(word["wrong"], allowed, re.IGNORECASE)]


def test_every_thing_has_one_word() -> None:
    """No text of ours has a wrong word; the message names each, where it stands, and what to write."""
    offenders = [
        f"{where}: {found!r} in {text[:90]!r}; write {word['right']}"
        for where, text in _texts()
        for word in WORDS
        for found in _wrong(word, text)
    ]
    assert offenders == []


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word["right"])
def test_no_wrong_word_is_the_right_one(word: dict[str, str]) -> None:
    """What the list says to write would not itself be found, and what it says is wrong can be."""
    assert not _wrong(word, word["right"].partition(":")[0])


def test_a_wrong_word_is_found() -> None:
    """The list finds what it is there for, in any form, and not inside other words."""
    found = [found for word in WORDS for found in _wrong(word, "As Aceitações do job, cifradas; CloudTrail, jobsite.")]
    assert found == ["Aceitações", "job", "cifradas"]
