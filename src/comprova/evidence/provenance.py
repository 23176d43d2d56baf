"""`provenance.json`: where answers that Athena gave come from, so that an auditor can find each in the AWS account."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from comprova.evidence.model import FORMAT, Fact


class LoadUsed(Fact):
    """The load of one delivery date that records were read from.

    Attributes:
        delivery_date: The date.
        load_id: Part of its folder in the store.
        execution_id: Of the statement that wrote it, which may be of an earlier run.
        fingerprint: Of the log files that it was made of.
        left_out: Log files that Athena could not read, and what it said of each.
    """

    delivery_date: date
    load_id: str
    execution_id: str
    fingerprint: str
    left_out: Mapping[str, str]


class StatementRun(Fact):
    """One execution that has ended.

    Attributes:
        name: What it was for: a query or measure with its version, or a step.
        execution_id: Athena's id of it.
        state: How it ended.
        bytes_scanned: What it read.
        milliseconds: From its submission to its end, by Athena's clock.
        engine_version: Such as `Athena engine version 3`.
    """

    name: str
    execution_id: str
    state: str
    bytes_scanned: int
    milliseconds: int
    engine_version: str


class Provenance(Fact):
    """The whole file.

    Attributes:
        engine: `athena`.
        region, workgroup: Where statements were run.
        database: In which; choose it to run a statement again as it stands in the evidence.
        loads: By delivery date.
        statements: In the order in which they ended, those of interrupted attempts included.
    """

    format: Literal[1] = FORMAT
    engine: Literal["athena"] = "athena"
    region: str
    workgroup: str
    database: str
    loads: tuple[LoadUsed, ...]
    statements: tuple[StatementRun, ...]
