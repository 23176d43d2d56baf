"""Loads the delivery dates of a run, side by side, until what was loaded is what the bucket lists."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from comprova.engines.athena.ddl import unload
from comprova.engines.athena.journal import Finished
from comprova.engines.athena.loads import (
    MOST_TRIES,
    Excluded,
    LoadRecord,
    RawFile,
    blamed,
    fingerprint,
    folder_is_taken,
    load_folder,
    load_select,
    record_key,
)
from comprova.engines.athena.notes import Executes, FolderSpentError, Notes
from comprova.engines.athena.steps import LOAD, of_step
from comprova.engines.athena.store import Held, Store
from comprova.errors import BudgetError, ComprovaError, EngineError, Problem
from comprova.evidence.canonical import canonical_json

FilesByDate = Mapping[date, Sequence[RawFile]]

_MOST_ROUNDS = 3
"""Times that a date is loaded because log files arrived meanwhile: CloudTrail delivers about every five minutes."""

_MOST_DAMAGED = 20
"""Log files of one date that are left out one after another; each costs another attempt at the date."""


class DateNotLoadedError(EngineError):
    """A delivery date of which too many log files are damaged; nothing of it is read."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What an attempt at a date writes, and where; noted before it begins, so that a restart finds its execution."""

    load_id: str
    excluded: tuple[Excluded, ...] = ()

    @classmethod
    def from_note(cls, note: str) -> "_Attempt":
        """Read a note."""
        said = json.loads(note)
        return cls(said["load_id"], tuple(Excluded(**item) for item in said["excluded"]))

    @property
    def note(self) -> str:
        """The text to note."""
        return json.dumps({"load_id": self.load_id, "excluded": [item.model_dump() for item in self.excluded]})


class DateLoader:
    """Loads delivery dates one at a time.

    Args:
        session: Runs the statements.
        store: Where loads and load records lie.
        database: Of the raw table.
        notes: What an earlier attempt of the run noted.
        new_id: Gives an id that nobody else has.
        hidden: Gives the accounts and regions whose folder S3 does not list; they are not read.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - where it loads from and to, and its tools
        self,
        session: Executes,
        store: Store,
        database: str,
        notes: Notes,
        new_id: Callable[[], str],
        hidden: Callable[[], Collection[tuple[str, str]]] = tuple,
    ) -> None:
        self._session = session
        self._store = store
        self._database = database
        self._notes = notes
        self._new_id = new_id
        self._hidden = hidden

    def published(self, day: date, files: Sequence[RawFile]) -> LoadRecord | None:
        """Return the load record of a date, if it is of the log files that are listed now."""
        record = self._held(day)[0]
        if record is None or record.fingerprint != fingerprint(files):
            return None
        self.forget(record)  # an attempt may have been killed between publishing and forgetting
        return record

    def load(self, day: date, files: Sequence[RawFile]) -> LoadRecord:
        """Read the log files of a date into Parquet, without those that Athena cannot read.

        Nobody is told yet: whoever loads looks first whether the files are still those that were listed.

        Raises:
            DateNotLoadedError: Too many of them cannot be read.
            BudgetError: The run might scan too much.
            EngineError: Athena refused the statement, and names no log file for it.
            RunStoppedError: The run cannot go on.
        """
        name = _note_name(day, fingerprint(files))
        noted = self._notes.recall(name)
        attempt = _Attempt.from_note(noted) if noted else _Attempt(self._new_id())
        tries = 0
        while True:
            self._notes.note(name, attempt.note)
            try:
                finished = self._unload(day, files, attempt)
            except BudgetError:
                raise
            except EngineError as error:
                # Its folder may hold something now: another attempt writes elsewhere, also after a restart.
                self._notes.forget(name)
                tries += 1
                # What an earlier attempt met may be over, such as a key that was denied: that blames no log file.
                passing = isinstance(error, FolderSpentError) and tries < MOST_TRIES
                excluded = attempt.excluded if passing else self._excluded(error, files, attempt)
                if len(excluded) > _MOST_DAMAGED:
                    hint = "Look into the log files that the error names, or restore them from a copy of the bucket."
                    where, found = f"delivery date {day}", f"{len(excluded)}, the last because of {error}"
                    expected = f"at most {_MOST_DAMAGED} log files that Athena cannot read"
                    raise DateNotLoadedError(Problem(where, expected, found, hint)) from error
                again = folder_is_taken(error) and tries < MOST_TRIES
                if len(excluded) == len(attempt.excluded) and not again:
                    raise
                attempt = _Attempt(self._new_id(), excluded)
            else:
                return self._record(day, files, attempt, finished)

    def publish(self, record: LoadRecord) -> LoadRecord:
        """Make a load the one that counts; return the one that does: another's, if it read the same and was faster."""
        data, key = canonical_json(record), record_key(record.delivery_date)
        counts = record  # also where others keep replacing it with loads of other listings: it is whole all the same
        for _ in range(MOST_TRIES):
            other, held = self._held(record.delivery_date)
            if other is not None and other.fingerprint == record.fingerprint:
                counts = other
                break
            if self._store.publish(data, *key, instead_of=held):
                break
        self.forget(record)
        return counts

    def forget(self, record: LoadRecord) -> None:
        """Let no restart take this load for one of the same files: they have changed, or all know of it now."""
        self._notes.forget(_note_name(record.delivery_date, record.fingerprint))

    def _held(self, day: date) -> tuple[LoadRecord | None, Held | None]:
        held = self._store.read(*record_key(day))
        if held is None:
            return None, None
        try:
            return LoadRecord.model_validate_json(held.data), held
        except ValidationError:
            return None, held  # of another format: it is replaced

    def _unload(self, day: date, files: Sequence[RawFile], attempt: _Attempt) -> Finished:
        left_out = {item.log_file for item in attempt.excluded}
        uris = [file.uri for file in files if file.log_file in left_out]
        place = self._store.place(*load_folder(day, attempt.load_id))
        return self._session.execute(
            unload(load_select(self._database, day, files, uris, self._hidden()), place),
            self._database,
            name=of_step(LOAD, day.isoformat()),
            at_most=sum(file.bytes for file in files),
            writes=True,
        )

    def _excluded(self, error: EngineError, files: Sequence[RawFile], attempt: _Attempt) -> tuple[Excluded, ...]:
        uris, reason = blamed(str(error), files), str(error)
        known = {item.log_file for item in attempt.excluded}
        more = [file.log_file for file in files if file.uri in uris and file.log_file not in known]
        return (*attempt.excluded, *(Excluded(log_file=log_file, reason=reason) for log_file in more))

    def _record(self, day: date, files: Sequence[RawFile], attempt: _Attempt, finished: Finished) -> LoadRecord:
        written = self._store.parquet(*load_folder(day, attempt.load_id))
        return LoadRecord(
            delivery_date=day,
            load_id=attempt.load_id,
            fingerprint=fingerprint(files),
            files=len(files),
            bytes=sum(file.bytes for file in files),
            excluded=attempt.excluded,
            rows=written.rows,
            parquet_bytes=written.bytes,
            execution_id=finished.execution_id,
            bytes_scanned=finished.bytes_scanned,
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded.

    Attributes:
        records: By date; the load that counts for this run.
        over_budget: Dates that were not loaded, because the run might have scanned too much.
        refused: Dates that could not be loaded, with what Athena said.
        new: How many dates this attempt of the run loaded; the others had been.
    """

    records: Mapping[date, LoadRecord]
    over_budget: frozenset[date]
    refused: Mapping[date, str]
    new: int


@dataclass(slots=True)
class _Round:
    """What came of loading some dates."""

    records: dict[date, LoadRecord] = field(default_factory=dict)
    over_budget: set[date] = field(default_factory=set)
    refused: dict[date, str] = field(default_factory=dict)


def _note_name(day: date, of_files: str) -> str:
    return f"load {day.isoformat()} {of_files}"


def load_dates(
    loader: DateLoader,
    list_files: Callable[[], FilesByDate],
    at_once: int,
    loaded: Callable[[date], None],
    stop: Callable[[], object],
) -> Loaded:
    """Load what is not loaded yet.

    The bucket is listed before and after. A date whose files have changed meanwhile is loaded again; one that changes
    every time is read as it was loaded last, without telling others. Which of its files have no rows, the rows say.

    Args:
        loader: Loads one date.
        list_files: Lists the bucket, anew each time; the last list it gave is the one that the loads are judged by.
        at_once: Dates loaded side by side.
        loaded: Told of each date that is done, in this thread.
        stop: Stops the statements under way; called when someone asks the process to end.

    Raises:
        EngineError: Athena refused to load a date, and the fault is not in its log files.
        RunStoppedError: The run cannot go on. In both cases a restart finds what was loaded until then.
    """
    files = list_files()
    records: dict[date, LoadRecord] = {}
    last = _Round()
    new: set[date] = set()
    for _ in range(_MOST_ROUNDS):
        missing = [day for day in sorted(files) if not _settled(records.get(day), files[day])]
        for day in missing:
            if (published := loader.published(day, files[day])) is not None:
                records[day] = published
                loaded(day)
        to_load = [day for day in missing if not _settled(records.get(day), files[day])]
        if not to_load:
            break
        last = _load_all(loader, {day: files[day] for day in to_load}, at_once, loaded, stop)
        files = list_files()
        for day, record in last.records.items():
            if _settled(record, files.get(day, ())):
                records[day] = loader.publish(record)
            else:
                loader.forget(record)
                records[day] = record
            new.add(day)
        if last.over_budget or last.refused:
            break
    return Loaded(
        {day: record for day, record in sorted(records.items()) if day in files},
        frozenset(last.over_budget),
        last.refused,
        len(new),
    )


def _settled(record: LoadRecord | None, files: Sequence[RawFile]) -> bool:
    return record is not None and record.fingerprint == fingerprint(files)


def _load_all(
    loader: DateLoader, files: FilesByDate, at_once: int, loaded: Callable[[date], None], stop: Callable[[], object]
) -> _Round:
    done = _Round()
    with ThreadPoolExecutor(at_once, "load") as pool:
        tasks = {pool.submit(loader.load, day, of_day): day for day, of_day in files.items()}
        try:
            for task in as_completed(tasks):
                day = tasks[task]
                try:
                    done.records[day] = task.result()
                except BudgetError:
                    done.over_budget.add(day)
                except DateNotLoadedError as error:
                    done.refused[day] = str(error)
                loaded(day)
        except BaseException as error:
            if not isinstance(error, ComprovaError):
                stop()  # whoever asked to stop does not wait for statements under way
            pool.shutdown(cancel_futures=True)
            raise
    return done
