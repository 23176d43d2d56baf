"""Our own content, as documents would print it."""

from collections.abc import Iterator

from comprova.catalog.catalog import load_catalog
from comprova.content import builtin_root
from comprova.documents.display import Display


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


def test_every_word_of_queries_and_frameworks_can_be_drawn(display: Display) -> None:
    """No title, question, reason or remedy of ours has a character that would appear as an escape."""
    catalog = load_catalog([builtin_root()])
    content = {
        **{str(query.ref): query.block.model_dump() for query in catalog.queries.values()},
        **{key: framework.model_dump() for key, framework in catalog.frameworks.items()},
        **{key: pack.model_dump() for key, pack in catalog.packs.items()},
    }
    refused = {name: said for name, value in content.items() for said in _strings(value) if display.text(said) != said}
    assert not refused
