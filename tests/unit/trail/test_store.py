"""The store: what is read, what is kept, what disappears, and that two runs do not get in each other's way."""

import gzip
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from comprova.errors import ComprovaError
from comprova.trail import parts, plan, workers
from comprova.trail.index import INDEX_NAME
from comprova.trail.listing import list_folder
from comprova.trail.report import DeliveryDateSource, LoadReport
from comprova.trail.schema import RECORDS_SCHEMA
from comprova.trail.states import FileState, Misfit
from comprova.trail.store import DeliveryDates, LoadProgress, RecordStore
from unit.trail.log_files import key_of, put, record, rows_of, text_of

_DAYS = ("2026-10-01", "2026-10-02", "2026-10-03")


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder with two log files on each of three days, and a loose file without a date."""
    folder = tmp_path / "logs"
    for day_number, day in enumerate(_DAYS):
        for number, name in enumerate("ab"):
            first = 100 * day_number + 10 * number
            put(folder, key_of(day, name), *map(record, range(first, first + 10)))
    put(folder, "loose.json", record(900, eventTime="2026-09-30T23:59:59Z"), record(901), record(902, eventTime="soon"))
    return folder


@pytest.fixture
def load(tmp_path: Path, logs: Path) -> Iterator[Callable[..., LoadReport]]:
    """Load the folder into a store; the store is opened anew each time."""
    stores: list[RecordStore] = []

    def _load(dates: DeliveryDates | None = None, store: str = "store") -> LoadReport:
        while stores:
            stores.pop().close()
        stores.append(RecordStore(tmp_path / store))
        return stores[0].load(list_folder(logs), dates)

    yield _load
    for store in stores:
        store.close()


def _content(report: LoadReport) -> list[tuple[Any, ...]]:
    return rows_of(report, "*")


def test_every_record_is_loaded_once(load: Callable[..., LoadReport]) -> None:
    """All records of all files are rows, under the columns of `records`, and the totals agree with the rows."""
    report = load()
    assert sorted(row[0] for row in rows_of(report)) == [
        f"{number:08}" for first in (0, 100, 200) for number in range(first, first + 20)
    ] + ["00000900", "00000901", "00000902"]
    assert (report.records, report.states, report.files_loaded) == (63, {FileState.READ: 7}, 7)
    assert {path: pq.read_schema(path).equals(RECORDS_SCHEMA) for path in report.parquet_files} == dict.fromkeys(
        report.parquet_files, True
    )


def test_rows_lie_sorted_by_source_and_name(load: Callable[..., LoadReport]) -> None:
    """Inside each Parquet file the rows are in the order of source, name and log file, then as logged."""
    for path in load().parquet_files:
        rows = pq.read_table(path, columns=["eventsource", "eventname", "log_file", "eventid"]).to_pylist()
        assert rows == sorted(rows, key=lambda row: tuple(row.values()))


def test_only_new_and_changed_files_are_read_again(load: Callable[..., LoadReport], logs: Path) -> None:
    """A second load reads nothing; after a change, it reads the changed file and replaces its rows whole."""
    before = {row[0] for row in rows_of(load())}
    assert load().files_loaded == 0
    changed = put(logs, key_of(_DAYS[1], "a"), record(500))
    put(logs, key_of(_DAYS[1], "c"), record(501))
    report = load()
    ids = {row[0] for row in rows_of(report)}
    assert report.files_loaded == 2
    assert report.bytes_loaded == changed.stat().st_size + (logs / key_of(_DAYS[1], "c")).stat().st_size
    assert ids == (before | {"00000500", "00000501"}) - {f"{number:08}" for number in range(100, 110)}


def test_a_deleted_log_file_disappears(load: Callable[..., LoadReport], logs: Path, tmp_path: Path) -> None:
    """Rows of files, and of whole days, that are gone are in no Parquet file of the next load, nor on disk."""
    load()
    (logs / key_of(_DAYS[0], "a")).unlink()
    for name in "ab":
        (logs / key_of(_DAYS[2], name)).unlink()
    report = load()
    assert {row[0][5] for row in rows_of(report)} == {"0", "1", "9"}
    assert sorted(rows_of(report)) == sorted(rows_of(load(store="afresh")))
    assert sorted(path for path in (tmp_path / "store").rglob("*/*.parquet")) == sorted(report.parquet_files)
    assert not (tmp_path / "store" / _DAYS[2]).exists()


@pytest.mark.parametrize("group_bytes", [1, 600, 6 << 20])
def test_the_order_of_loads_leaves_no_trace(
    load: Callable[..., LoadReport], logs: Path, monkeypatch: pytest.MonkeyPatch, group_bytes: int
) -> None:
    """Logs that came one after another, some of them changed meanwhile, give the rows and files of one load of all."""
    monkeypatch.setattr(plan, "GROUP_BYTES", group_bytes)
    contents = {path: path.read_bytes() for path in sorted(logs.rglob("*.json*"))}
    for path in contents:
        path.unlink()
    put(logs, key_of(_DAYS[1], "b"), record(777))
    for path in reversed(contents):
        path.write_bytes(contents[path])
        load()
    grown, afresh = load(), load(store="afresh")
    assert _content(grown) == _content(afresh)
    assert [path.name for path in grown.parquet_files] == [path.name for path in afresh.parquet_files]
    assert grown.table.equals(afresh.table)


def test_parts_of_unusual_size_are_split(
    load: Callable[..., LoadReport], logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group whose text fills a part goes on in a second one, and is known again by the next load."""
    whole = sorted(_content(load()), key=str)
    monkeypatch.setattr(parts, "PART_TEXT_BYTES", 5_000)
    split = load(store="split")
    assert len(split.parquet_files) == 7
    assert sorted(_content(split), key=str) == whole
    put(logs, key_of(_DAYS[0], "a"), record(1))
    load(store="split")
    assert _content(load(store="split")) == _content(load(store="afresh"))


def test_a_period_reads_its_delivery_dates_and_undated_files(load: Callable[..., LoadReport]) -> None:
    """Only the dates asked for are loaded and reported, loose files without a date always; others stay as they are."""
    everything = load()
    one_day = DeliveryDates(date(2026, 10, 2), date(2026, 10, 2))
    report = load(one_day, store="other")
    assert [file.log_file for file in report.files] == [key_of(_DAYS[1], "a"), key_of(_DAYS[1], "b"), "loose.json"]
    assert report.records == 23
    narrowed = load(one_day)
    assert (narrowed.files_loaded, narrowed.records) == (0, 23)
    assert load().parquet_files == everything.parquet_files


def test_loose_files_are_dated_by_their_events(load: Callable[..., LoadReport]) -> None:
    """A row of a loose file has the date of its event, NULL without one; the file that of its last one, and says so."""
    report = load()
    dates = dict(rows_of(report, "eventid, delivery_date"))
    assert {name: dates[name] for name in ("00000900", "00000901", "00000902", "00000100")} == {
        "00000900": date(2026, 9, 30),
        "00000901": date(2026, 10, 1),
        "00000902": None,
        "00000100": date(2026, 10, 2),
    }
    loose = list(report.files)[-1]
    assert (loose.log_file, loose.delivery_date, loose.delivery_date_source) == (
        "loose.json",
        date(2026, 10, 1),
        DeliveryDateSource.EVENTS,
    )


def test_every_file_is_read_or_has_a_reason(load: Callable[..., LoadReport], logs: Path) -> None:
    """The report has one row per log file with what was found in it, also as the Parquet that `deliveries` reads."""
    good = (logs / key_of(_DAYS[0], "a")).read_bytes()
    for name, content in {"c": good[:-8], "d": good + good, "e": b"{", "f": b"{}", "g": b""}.items():
        (logs / key_of(_DAYS[0], name)).write_bytes(content)
    put(logs, key_of(_DAYS[0], "h"), record(1, userIdentity="x"), b"7")
    report = load(DeliveryDates(date(2026, 10, 1), date(2026, 10, 1)))
    files = {file.log_file[-9:-8]: file for file in report.files}
    assert {name: file.state for name, file in files.items()} == {
        "a": FileState.READ,
        "b": FileState.READ,
        "c": FileState.GZIP_NO_TRAILER,
        "d": FileState.GZIP_FOLLOWED,
        "e": FileState.NOT_JSON,
        "f": FileState.NO_RECORDS,
        "g": FileState.NOT_JSON,
        "h": FileState.READ,
        "o": FileState.READ,
    }
    odd = files["h"]
    assert (odd.records, odd.unreadable, odd.misfits) == (1, 1, {Misfit.NOT_OBJECT: 1})
    assert (odd.log_account, odd.log_region, odd.delivered_at) == (
        "111122223333",
        "us-east-1",
        datetime(2026, 10, 1, 10, 5),  # noqa: DTZ001
    )
    assert (report.unreadable, report.misfits) == (1, {Misfit.NOT_OBJECT: 1})
    path = logs.parent / "files.parquet"
    report.write_files(path)
    assert pq.read_table(path).equals(report.table)
    assert json.loads(report.table["misfits"].to_pylist()[-2]) == {"not_object": 1}


def test_no_logs_give_a_file_without_rows(load: Callable[..., LoadReport], logs: Path) -> None:
    """A run without records still has Parquet with all columns to read, and an empty list of files."""
    for path in logs.rglob("*.json*"):
        path.unlink()
    report = load()
    assert (len(report.parquet_files), _content(report), list(report.files)) == (1, [], [])
    assert pq.read_schema(report.parquet_files[0]).equals(RECORDS_SCHEMA)


def _lose_index(day: Path) -> None:
    (day / INDEX_NAME).unlink()


def _cut_index(day: Path) -> None:
    (day / INDEX_NAME).write_bytes((day / INDEX_NAME).read_bytes()[:50])


def _age_index(day: Path) -> None:
    index = json.loads((day / INDEX_NAME).read_bytes())
    (day / INDEX_NAME).write_text(json.dumps(index | {"format": 0}))


def _lose_part(day: Path) -> None:
    next(day.glob("*.parquet")).unlink()


def _cut_part(day: Path) -> None:
    part = next(day.glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:100])


def _leave_remains(day: Path) -> None:
    (day / ".123.half.parquet").write_bytes(b"half")
    (day / "f00.parquet").write_bytes(b"nobody knows me")


@pytest.mark.parametrize("damage", [_lose_index, _cut_index, _age_index, _lose_part, _cut_part, _leave_remains])
def test_a_damaged_store_mends_itself(
    load: Callable[..., LoadReport], tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """After whatever a crash can leave, the next load has all rows, reads no other day again, and clears up."""
    before = load()
    content = _content(before)
    damage(tmp_path / "store" / _DAYS[1])
    report = load()
    assert _content(report) == content
    assert report.files_loaded in {0, 2}
    assert sorted((tmp_path / "store").rglob("*/*.parquet")) == sorted(report.parquet_files)
    assert list((tmp_path / "store").rglob("*/.*")) == []


def test_files_that_could_not_be_read_are_tried_again(
    load: Callable[..., LoadReport], logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that could not be opened is listed so, and read by the next run although it has not changed."""
    locked = str(logs / key_of(_DAYS[0], "a"))
    real_open = os.open

    def _refuse(path: str, *arguments: Any) -> int:
        if path == locked:
            raise PermissionError(13, "Permission denied", path)
        return real_open(path, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", _refuse)
        first = load()
    assert (first.states[FileState.UNREADABLE], first.records) == (1, 53)
    second = load()
    assert (second.states, second.records, second.files_loaded) == ({FileState.READ: 7}, 63, 1)


def test_nothing_is_removed_under_a_reader(logs: Path, tmp_path: Path) -> None:
    """While one run may still be reading, another one's load leaves its files; when it has ended, they go."""
    put(logs, "loose.json", record(1))
    reader, other = RecordStore(tmp_path / "store"), RecordStore(tmp_path / "store")
    before = reader.load(list_folder(logs))
    (logs / "loose.json").write_bytes(text_of(record(2)))
    after = other.load(list_folder(logs))
    assert [path for path in before.parquet_files if not path.exists()] == []
    reader.close()
    other.load(list_folder(logs))
    assert sorted((tmp_path / "store").rglob("*/*.parquet")) == sorted(after.parquet_files)
    other.close()


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    """A store is never opened where it could remove files that are not its own."""
    (tmp_path / "2026-10-01").mkdir()
    with pytest.raises(ComprovaError, match="a folder of its own"):
        RecordStore(tmp_path)


def _load_in_process(logs: Path, store: Path, results: Any) -> None:
    with RecordStore(store) as opened:
        report = opened.load(list_folder(logs))
        results.put((report.records, sorted(rows_of(report))))


def test_two_loads_at_once_do_not_harm_each_other(logs: Path, tmp_path: Path) -> None:
    """Two processes that load into one store at the same time both see all rows."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [context.Process(target=_load_in_process, args=(logs, tmp_path / "store", results)) for _ in range(2)]
    for process in processes:
        process.start()
    answers = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    assert answers[0] == answers[1]
    assert answers[0][0] == 63


def test_processes_give_what_one_gives(load: Callable[..., LoadReport], monkeypatch: pytest.MonkeyPatch) -> None:
    """Work shared with another process gives the same rows in the same files."""
    alone = load()
    monkeypatch.setattr(workers, "PARALLEL_BYTES", 0)
    shared = load(store="shared")
    assert _content(shared) == _content(alone)
    assert [path.name for path in shared.parquet_files] == [path.name for path in alone.parquet_files]


def test_progress_reaches_the_end(logs: Path, tmp_path: Path) -> None:
    """Progress only grows, and ends with all files, also when nothing had to be read."""
    for _ in range(2):
        told: list[LoadProgress] = []
        with RecordStore(tmp_path / "store") as store:
            store.load(list_folder(logs), progress=told.append)
        assert [step.files for step in told] == sorted(step.files for step in told)
        assert (told[-1].files, told[-1].of_files) == (7, 7)


def test_pandas_is_not_imported(logs: Path, tmp_path: Path) -> None:
    """Loading does not pay for pandas, which pyarrow imports on many occasions."""
    code = (
        "import sys; from pathlib import Path; from comprova.trail.listing import list_folder;"
        "from comprova.trail.store import RecordStore;"
        f"RecordStore(Path({str(tmp_path / 'store')!r})).load(list_folder(Path({str(logs)!r})));"
        "sys.exit('pandas' in sys.modules or 'duckdb' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"PYTHONPATH": ":".join(sys.path)})  # noqa: S603


@pytest.mark.skipif("COMPROVA_REAL_LOGS" not in os.environ, reason="COMPROVA_REAL_LOGS names no folder of logs")
def test_real_logs_are_loaded_whole(tmp_path: Path) -> None:
    """Every record of real logs is a row with its text and its payloads, as a plain JSON parser reads them."""
    folder = Path(os.environ["COMPROVA_REAL_LOGS"])
    listing = list_folder(folder)
    expected = []
    for file in listing.files:
        content = Path(file.path).read_bytes()
        document = json.loads(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
        expected += [
            (
                file.key.log_file,
                *(item.get(name) for name in ("eventID", "eventTime", "eventName", "errorMessage", "userAgent")),
                item.get("requestParameters"),
                (item.get("userIdentity") or {}).get("arn"),
                [resource.get("ARN") for resource in item.get("resources") or []],
            )
            for item in document.get("Records", [])
        ]
    with RecordStore(tmp_path / "store") as store:
        report = store.load(listing)
        rows = rows_of(
            report,
            "log_file, eventid, eventtime, eventname, errormessage, useragent, requestparameters, useridentity.arn, "
            "coalesce(list_transform(resources, lambda r: r.arn), [])",
        )
    found = [(*row[:6], row[6] and json.loads(row[6]), *row[7:]) for row in rows]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert report.misfits == {}
