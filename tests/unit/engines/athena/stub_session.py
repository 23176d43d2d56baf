"""A session that runs nothing: it tells which statements it was given, and writes what an UNLOAD would."""

import io
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from comprova.engines.athena.journal import Finished, State

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PARTITIONED = re.compile(r"partitioned_by = ARRAY\['(?P<column>\w+)'\]")
_TARGET = re.compile(r"TO 's3://(?P<bucket>[^/]+)/(?P<prefix>[^']+/)'")


@dataclass(frozen=True, slots=True)
class Ran:
    """A statement that the session was given."""

    name: str
    sql: str
    database: str
    at_most: int | None

    @property
    def folder(self) -> str:
        """Where an UNLOAD writes; empty for another statement."""
        match = _TARGET.search(self.sql)
        return match["prefix"] if match else ""


@dataclass
class StubSession:
    """Runs statements by leaving one small Parquet file where an UNLOAD would, by groups in `iam-changes`.

    Attributes:
        s3: Where it leaves them.
        answers: Called before each statement; what it raises the statement fails with.
        rows: Of that file.
        ran: Every statement, in order, failed ones included.
    """

    s3: "S3Client"
    answers: Callable[[Ran], None] = lambda _: None
    rows: int = 7
    ran: list[Ran] = field(default_factory=list)
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)

    def execute(
        self, sql: str, database: str, *, name: str, at_most: int | None = None, writes: bool = False
    ) -> Finished:
        """Run a statement."""
        assert writes == sql.startswith("UNLOAD")
        ran = Ran(name, sql, database, at_most)
        self.ran.append(ran)
        self.answers(ran)
        if target := _TARGET.search(sql):
            by = _PARTITIONED.search(sql)
            key = f"{target['prefix']}{by['column']}=iam-changes/part" if by else f"{target['prefix']}part"
            self.s3.put_object(Bucket=target["bucket"], Key=key, Body=_parquet(self.rows))
        return Finished(name, f"execution-{next(self._ids)}", State.SUCCEEDED, 10, 1, None, "Athena engine")


def _parquet(rows: int) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"one": list(range(rows))}), file)
    return file.getvalue()


class StubNotes:
    """Notes that are kept in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def recall(self, name: str) -> str | None:
        """Return what was noted."""
        return self.kept.get(name)

    def note(self, name: str, text: str) -> None:
        """Note a text."""
        self.kept[name] = text

    def forget(self, name: str) -> None:
        """Forget a text."""
        self.kept.pop(name, None)
