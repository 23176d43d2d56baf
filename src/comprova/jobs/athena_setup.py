"""What a job on Athena needs to be there before its first run, and how it comes to be there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from comprova.engines.athena.access import Access
from comprova.engines.athena.ddl import RAW_TABLE, RawTable, create_database, drop_table, raw_table, run_databases
from comprova.engines.athena.iam import Grants
from comprova.engines.athena.raw_table_check import differences as table_differences
from comprova.engines.athena.regions import cloudtrail_regions, partition_of
from comprova.engines.athena.workgroup import Difference, settings, updates
from comprova.engines.athena.workgroup import differences as workgroup_differences
from comprova.errors import ComprovaError, ContentError, Problem
from comprova.jobs.definition import Job, JobFile
from comprova.jobs.sources import AthenaSource

Execute = Callable[[str, str, str], object]
"""Runs a statement to its end: its text, the database that it is run in, and what messages call it."""

_ANY_DATABASE = "default"  # what a statement is run in while the job's own database is not there


class Part(StrEnum):
    """What is set up, in this order: statements run in the workgroup, and the table is in the database."""

    WORKGROUP = "workgroup"
    DATABASE = "database"
    TABLE = "table"


class Standing(StrEnum):
    """What became of a part."""

    THERE = "there"
    """It is there as it should be; nothing was done."""
    CREATED = "created"
    DIFFERS = "differs"
    """It is there and is not as it should be; nothing was done."""
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class SetUp:
    """One part.

    Attributes:
        part: Which.
        name: As AWS knows it.
        standing: What became of it; in a dry run, what would have.
        differences: What is, or was, not as it should be.
    """

    part: Part
    name: str
    standing: Standing
    differences: tuple[Difference, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON's types."""
        said = [{"name": one.name, "wanted": one.wanted, "found": one.found} for one in self.differences]
        return {"part": self.part.value, "name": self.name, "standing": self.standing.value, "differences": said}


def athena_source(job: JobFile) -> AthenaSource:
    """Return the source of a job that reads with Athena.

    Raises:
        ContentError: It reads a folder.
    """
    source = job.job.source
    if isinstance(source, AthenaSource):
        return source
    hint = "`jobs/athena.toml` shows a job that reads with Athena."
    raise ContentError(Problem(f"{job.where}: source.kind", "'athena'", repr(source.kind), hint))


def raw_table_of(source: AthenaSource) -> RawTable:
    """Return what the table over the trail's bucket has to show."""
    return RawTable(
        database=source.database,
        trail=source.trail_place,
        organisation=source.organisation,
        accounts=source.accounts,
        regions=source.regions or cloudtrail_regions(source.region),
        start=source.start,
    )


def statements(source: AthenaSource) -> tuple[str, ...]:
    """Return the statements that `apply` runs where nothing is there yet."""
    return create_database(source.database), raw_table(raw_table_of(source))


def workgroup_settings(source: AthenaSource) -> dict[str, Any]:
    """Return what the workgroup has to be, as CreateWorkGroup takes it."""
    return settings(source.place(), source.query_cutoff_bytes)


def grants_of(job: Job, source: AthenaSource, account: str) -> Grants:
    """Return what a job touches.

    Args:
        job: The job.
        source: What it reads.
        account: In which Athena runs; empty for the one that the source names otherwise.

    Raises:
        ComprovaError: No account is named.
    """
    known = account or source.store_owner or (source.kms_key.split(":")[4] if source.kms_key else "")
    if not known:
        hint = "The job's `store_owner` or `kms_key` would tell it too."
        raise ComprovaError(Problem("--account", "the id of the account in which Athena runs", "none", hint))
    place = source.place()
    return Grants(
        partition=partition_of(source.region),
        region=source.region,
        account=known,
        workgroup=source.workgroup,
        database=source.database,
        run_databases=run_databases(source.database, job.id),
        trail=source.trail_place,
        organisation=source.organisation,
        trail_owner=source.trail_owner,
        trail_kms_key=source.trail_kms_key,
        store=place.store,
        store_owner=source.store_owner,
        kms_key=source.kms_key,
    )


class Setup:
    """Sets a job up, or tells what it would do. What is there is never changed unless that was asked for.

    Args:
        source: What the job reads.
        access: AWS.
        execute: Runs a statement; never called in a dry run.
        dry: Only tell.
        update: Change what differs: the workgroup's settings; of the table, drop the definition and make it anew, which
            touches no log file.
    """

    def __init__(self, source: AthenaSource, access: Access, execute: Execute, *, dry: bool, update: bool) -> None:
        self._source = source
        self._access = access
        self._execute = execute
        self._dry = dry
        self._update = update

    def apply(self) -> Iterator[SetUp]:
        """Deal with each part, and yield what became of it.

        Raises:
            ComprovaError: AWS refused something; what was yielded before is done.
        """
        yield self._workgroup()
        yield self._database()
        yield self._table()

    def _workgroup(self) -> SetUp:
        wanted = workgroup_settings(self._source)
        found = self._access.workgroup()

        def create() -> None:
            self._access.create_workgroup(wanted)

        def update() -> None:
            self._access.update_workgroup(updates(wanted))

        lacking = None if found is None else workgroup_differences(wanted, found)
        return self._dealt_with(Part.WORKGROUP, self._source.workgroup, lacking, create, update)

    def _database(self) -> SetUp:
        name = self._source.database

        def create() -> None:
            self._execute(create_database(name), _ANY_DATABASE, f"create database {name}")

        return self._dealt_with(Part.DATABASE, name, () if self._access.has_database(name) else None, create, create)

    def _table(self) -> SetUp:
        database, raw = self._source.database, raw_table_of(self._source)
        found = self._access.table(database, RAW_TABLE)

        def create() -> None:
            self._execute(raw_table(raw), database, f"create table {RAW_TABLE}")

        def update() -> None:
            self._execute(drop_table(database, RAW_TABLE), database, f"drop table {RAW_TABLE}")
            create()

        lacking = None if found is None else table_differences(raw, found)
        return self._dealt_with(Part.TABLE, f"{database}.{RAW_TABLE}", lacking, create, update)

    def _dealt_with(
        self,
        part: Part,
        name: str,
        lacking: tuple[Difference, ...] | None,
        create: Callable[[], None],
        update: Callable[[], None],
    ) -> SetUp:
        """Do what is to be done about a part; `lacking` is None where it is not there at all."""
        if lacking is None:
            standing, change = Standing.CREATED, create
        elif not lacking:
            return SetUp(part, name, Standing.THERE)
        elif self._update:
            standing, change = Standing.UPDATED, update
        else:
            return SetUp(part, name, Standing.DIFFERS, lacking)
        if not self._dry:
            change()
        return SetUp(part, name, standing, lacking or ())
