"""The shipped content is whole in every language that comprova has a catalogue of."""

from collections.abc import Iterator
from pathlib import Path

from comprova.catalog.catalog import load_catalog
from comprova.catalog.text import SOURCE, Language, untranslated
from comprova.content import builtin_root
from comprova.documents.definition import ReportDefinition, read_report
from comprova.jobs.definition import find_job
from languages import LANGUAGES

ROOT = builtin_root()


def _content() -> Iterator[tuple[str, object]]:
    catalog = load_catalog([ROOT])
    for ref, query in catalog.queries.items():
        yield str(ref), query.block
    for name, view in catalog.views.items():
        yield name, view.block
    yield from catalog.packs.items()
    yield from catalog.frameworks.items()
    yield from catalog.parameters.items()
    for path in sorted(ROOT.folder("reports").glob("*.toml")):
        report = read_report(path.read_text(encoding="utf-8"), path.name)
        assert isinstance(report, ReportDefinition)
        yield ROOT.relative(path), report
    for path in _jobs():
        yield ROOT.relative(path), find_job(path.stem, [ROOT]).job


def _jobs() -> list[Path]:
    return [path for path in sorted(ROOT.folder("jobs").glob("*.toml")) if "." not in path.stem]


def test_nothing_of_ours_stands_in_english_for_want_of_a_translation() -> None:
    """Every title, question, limit, remedy, reason and meaning is said in every language of the catalogues."""
    assert len(LANGUAGES) > 1
    missing = [
        f"{name}: {count} texts lack {language}"
        for name, block in _content()
        for language in LANGUAGES
        if (count := untranslated(block, language))
    ]
    assert missing == []


def test_what_is_counted_is_what_is_there() -> None:
    """The count sees every text of a block: in a language that nobody has written, all of them."""
    klingon = Language("tlh")
    counts = {name: untranslated(block, klingon) for name, block in _content()}
    assert min(counts.values()) >= 1
    assert counts["pci-dss-4.0.1"] > 700
    assert not [name for name, block in _content() if untranslated(block, SOURCE)]
