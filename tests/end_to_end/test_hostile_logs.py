"""The whole job over logs that strangers filled: nothing acts, nothing is lost, and what cannot be read is named."""

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyarrow import parquet
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from attack_logs import PROJECT, hostile_records, records_file, write_log
from comprova.catalog.text import Language
from comprova.content import builtin_root
from comprova.documents.display import Display
from comprova.documents.fonts import read_fonts
from comprova.errors import ExitCode
from comprova.evidence.outcomes import Extent, ReasonCode
from comprova.evidence.results import cell_text
from comprova.evidence.secrets import Secrets
from comprova.jobs.definition import JobLimits
from comprova.jobs.preparation import Choices, prepare
from comprova.jobs.run import RunResult, exit_code, run_job
from content_builder import changed, write_root
from languages import ENGLISH, LANGUAGES
from parsed_page import Page
from unit.trail.log_files import compact, key_of, record

NOW = datetime(2026, 11, 5, tzinfo=UTC)
QUERIES = ("acme.raw.calls", "acme.raw.counts", "acme.raw.lists", "acme.raw.members")
WHOLE_MOST = 200
"""Characters of the longest values that are looked for in print: they stand on one page."""
_SPACE = re.compile(r"\s")
_ACTIVE = frozenset(
    {
        "/JS", "/JavaScript", "/AA", "/Launch", "/SubmitForm", "/URI", "/GoToR", "/EmbeddedFiles", "/AcroForm",
        "/RichMedia",
    }
)  # fmt: skip


class Silent:
    """Progress that nobody watches."""

    def begin(self, step: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, part: str) -> None:
        """Say nothing."""

    def end(self, step: str, **facts: str | float) -> None:
        """Say nothing."""


def run_over(folder: Path, logs: Path, formats: str = '["pdf", "html"]', *, documents: bool = True) -> RunResult:
    """Run the job of the hostile project over a folder of logs."""
    files = changed(PROJECT, "reports/attacks.toml", '["pdf", "html"]', formats)
    project = write_root(folder / "project", files, builtin=False)
    choices = Choices(period="2026-10", logs=logs, out=folder / "out")
    return run_job(
        prepare("attacks", [builtin_root(), project], choices, NOW), lambda: NOW, Silent(), documents=documents
    )


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """Give a run over records with every hostile text in every place."""
    folder = tmp_path_factory.mktemp("hostile")
    write_log(folder / "logs", "a", records_file(hostile_records()))
    return run_over(folder, folder / "logs")


@pytest.fixture(scope="module")
def display() -> Display:
    """Give the display function of the documents of that run."""
    return Display(read_fonts(builtin_root().folder("templates")).drawable, 600, Secrets((), ()))


def document(result: RunResult, language: Language, suffix: str) -> Path:
    """Return a document of the run."""
    return result.layout.documents / f"2026-10_acme.attacks-1_{language}.{suffix}"


def page_of(path: Path) -> Page:
    """Read a page as a browser does."""
    return Page.of(path.read_bytes())


def test_every_value_is_in_parquet_as_it_was_logged(result: RunResult) -> None:
    """User agents, names, addresses and messages come back to the character, whatever they hold."""
    logged = {str(record["eventID"]): record for record in hostile_records()}
    rows = parquet.read_table(result.layout.evidence.parquet("acme.raw.calls")).to_pylist()
    assert {row["event_id"] for row in rows} == logged.keys()
    for row in rows:
        record = logged[row["event_id"]]
        identity, request = record["userIdentity"], record["requestParameters"]
        assert isinstance(identity, dict)
        assert isinstance(request, dict)
        expected = (record["userAgent"], record["errorMessage"], record["sourceIPAddress"])
        assert (row["user_agent"], row["error_message"], row["source_address"]) == expected
        assert json.loads(row["request"]) == request
        assert json.loads(row["response"]) == record["responseElements"]
        assert row["actor"] == identity["arn"]


def test_values_taken_apart_by_queries_are_whole(result: RunResult) -> None:
    """Members, lists and groups hold the same texts as the columns that they are made of."""
    texts = sorted(str(record["userAgent"]) for record in hostile_records())
    evidence = result.layout.evidence
    members = parquet.read_table(evidence.parquet("acme.raw.members")).column("note").to_pylist()
    counted = parquet.read_table(evidence.parquet("acme.raw.counts")).column("user_agent").to_pylist()
    listed = parquet.read_table(evidence.parquet("acme.raw.lists")).column("texts").to_pylist()
    assert sorted(members) == sorted(counted) == sorted(item[0] for item in listed) == texts


@pytest.mark.parametrize("query", QUERIES)
def test_no_cell_of_a_spreadsheet_acts(result: RunResult, query: str) -> None:
    """The CSV has every row, and every cell is the guarded form of the exact value."""
    layout = result.layout.evidence
    columns = next(item for item in result.evidence.catalog.current if item.id == query).block.column
    exact = parquet.read_table(layout.parquet(query)).to_pylist()
    with layout.csv(query).open(encoding="utf-8", newline="") as file:
        csv.field_size_limit(1 << 24)
        rows = list(csv.DictReader(file))
    assert [list(row.values()) for row in rows] == [
        [cell_text(row[column.name], column.type) or "" for column in columns] for row in exact
    ]
    acting = re.compile(r"(?:\A|[;\t\r\n])[\s\ufeff\x00\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
    assert [cell for row in rows for cell in row.values() if acting.search(cell)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_the_page_acts(result: RunResult, language: Language) -> None:
    """The HTML has no element and no attribute that a value brought, and leads nowhere but into itself."""
    page = page_of(document(result, language, "html"))
    page.assert_inert()
    assert page.tags & {"textarea", "math", "image"} == set()
    assert [kind for tag, name, kind in page.attributes if (tag, name) == ("input", "type")] == ["search"]
    assert [value for value in page.values("href") if not value.startswith("#")] == []
    assert page.values("data") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_can_be_read_in_the_page(result: RunResult, display: Display, language: Language) -> None:
    """The HTML shows the visible form of every value of every query; long ones are cut, with their length and hash."""
    page = page_of(document(result, language, "html"))
    missing = [shown for shown in values_shown(result, display) if shown not in page.text]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_can_be_read_on_paper(result: RunResult, display: Display, language: Language) -> None:
    """Text extracted from the PDF holds the visible form of every value that fits a few lines."""
    reader = PdfReader(document(result, language, "pdf"))
    text = _SPACE.sub("", "".join(page.extract_text() for page in reader.pages))
    short = [shown for shown in values_shown(result, display) if len(shown) <= WHOLE_MOST]
    assert len(short) > len(hostile_records())
    assert [shown for shown in short if _SPACE.sub("", shown) not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_the_pdf_acts(result: RunResult, language: Language) -> None:
    """The PDF has no script, no action but going to its own pages, no attachment and no form."""
    reader = PdfReader(document(result, language, "pdf"))
    assert {key for item in objects_of(reader) for key in item if key in _ACTIVE} == set()
    kinds = {str(item["/S"]) for item in objects_of(reader) if item.get("/Type") == "/Action"}
    assert kinds <= {"/GoTo"}


def objects_of(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield every dictionary of a PDF, those inside others too."""
    size = int(str(reader.trailer["/Size"]))
    todo: list[object] = [reader.get_object(IndirectObject(number, 0, reader)) for number in range(1, size)]
    while todo:
        item = todo.pop()
        if isinstance(item, DictionaryObject):
            yield item
            todo += [value for value in item.values() if not isinstance(value, IndirectObject)]
        elif isinstance(item, list):
            todo += [value for value in item if not isinstance(value, IndirectObject)]


def values_shown(result: RunResult, display: Display) -> Iterator[str]:
    """Yield what a document shows of every text in the results."""
    for query in QUERIES:
        for row in result.evidence.rows(query):
            yield from (display.value(value) for value in row.values() if value is not None)


def test_the_same_hostile_logs_give_the_same_seal(result: RunResult, tmp_path: Path) -> None:
    """Evidence of hostile texts does not depend on the folder, the process or the order of files."""
    records = hostile_records()
    write_log(tmp_path / "logs", "a", records_file(records))
    again = run_over(tmp_path, tmp_path / "logs", documents=False)
    assert seal_of(again) == seal_of(result)


def seal_of(result: RunResult) -> bytes:
    """Return the manifest of the evidence."""
    return result.layout.evidence.manifest.read_bytes()


def test_guarding_and_masking_leave_no_row_out(result: RunResult) -> None:
    """The totals count every record that was written, and nothing was lost on the way."""
    totals = result.evidence.totals
    count = len(hostile_records())
    assert (totals.read, totals.in_period, totals.unreadable_records, totals.balanced) == (count, count, 0, True)
    assert {item.id: item.rows for item in result.evidence.assessment.queries} == dict.fromkeys(QUERIES, count)


def damaged_files() -> Mapping[str, tuple[bytes, str]]:
    """Return compressed log files that are not as CloudTrail writes them, each with the state that must be told."""
    whole = records_file(hostile_records()[:1])
    large = gzip.compress(b'{"Records":[{"userAgent":"' + b"a" * (258 << 20) + b'"}]}', 1, mtime=0)
    return {
        "a record of 256 MB": (large, "too_large"),
        "a bomb that lies about its size": (large[:-4] + b"\x10\x00\x00\x00", "too_large"),
        "nested": (gzip.compress(b'{"Records":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}"), "read"),
        "cut": (gzip.compress(whole[:-40]), "not_json"),
        "cut when compressed": (gzip.compress(whole)[:-20], "gzip_cut"),
        "two lists": (gzip.compress(whole[:-1] + b',"Records":[]}'), "no_records"),
        "a list of logs": (gzip.compress(b"[" + whole + b"]"), "no_records"),
        "records that are none": (gzip.compress(b'{"Records":[7,"x"]}'), "read"),
    }


def odd_records() -> Mapping[str, bytes]:
    """Return members of the JSON of a record that are hard to read, by what is odd about them."""
    return {
        "nested": b'"requestParameters":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        "not UTF-8": b'"userAgent":"\xff\xfe"',
        "half a surrogate pair": b'"userAgent":"\\ud800"',
        "twice": b'"userAgent":"first","userAgent":"last"',
        "beyond a double": b'"requestParameters":{"n":1e999,"m":' + b"9" * 400 + b"}",
        "an object for a text": b'"userAgent":{"a":"b"}',
        "a name of 64 KB": b'"' + b"k" * 65_536 + b'":1',
    }


def test_what_cannot_be_read_is_named_and_stops_nothing(tmp_path: Path) -> None:
    """Bombs, giants, deep nesting and damage are counted by reason; whatever can be read beside them is asked about."""
    for number, (data, _) in enumerate(damaged_files().values()):
        path = tmp_path / "logs" / key_of("2026-10-03", f"damaged{number}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    odd = odd_records()
    for number, member in enumerate(odd.values()):
        text = compact(record(number, eventTime=f"2026-10-03T10:0{number}:00Z", userAgent=..., requestParameters=...))
        write_log(tmp_path / "logs", f"odd{number}", b'{"Records":[' + text[:-1] + b"," + member + b"}]}", "2026-10-03")
    result = run_over(tmp_path, tmp_path / "logs", formats='["html"]')
    evidence, totals = result.evidence, result.evidence.totals
    states = Counter(state for _, state in damaged_files().values())
    assert dict(totals.files) == {**states, "read": len(odd) + 2}
    assert (totals.read, totals.in_period, totals.unreadable_records, totals.balanced) == (len(odd), len(odd), 3, True)
    assert {reason.code for reason in evidence.assurance.reasons} >= {ReasonCode.UNREADABLE_FILES, ReasonCode.MISFITS}
    assert evidence.results["acme.raw.calls"].extent is Extent.LOWER_BOUND
    agents = {row["event_id"]: row["user_agent"] for row in evidence.rows("acme.raw.calls")}
    assert len(agents) == len(odd)
    assert {"\ufffd\ufffd", "\ufffd", "last", '{"a":"b"}'} <= set(agents.values())
    requests = [str(row["request"]) for row in evidence.rows("acme.raw.calls") if row["request"]]
    assert sorted(len(text) for text in requests) == [len('{"n":1e999,"m":}') + 400, 20_000 * 6 + 1]
    assert exit_code(evidence, JobLimits(gap_percent=100), fail_on_exceptions=False) is ExitCode.INCOMPLETE
    shown = page_of(document(result, ENGLISH, "html")).text
    assert [number for number in range(len(damaged_files())) if f"damaged{number}.json.gz" not in shown] == []
