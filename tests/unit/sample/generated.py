"""A generated sample, read back."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comprova.sample import SampleFacts


@dataclass(frozen=True, slots=True)
class Sample:
    """A generated sample, read back.

    Attributes:
        folder: Where it lies.
        facts: What the generator says of it.
        truth: `truth.json`.
        files: The log files, with their records, in order of paths.
    """

    folder: Path
    facts: SampleFacts
    truth: dict[str, Any]
    files: dict[Path, list[dict[str, Any]]]

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield every record as delivered, copies included."""
        for members in self.files.values():
            yield from members

    def named(self, *names: str) -> Iterator[dict[str, Any]]:
        """Yield the records of these event names."""
        return (record for record in self.records() if record["eventName"] in names)


@dataclass(frozen=True, slots=True)
class Months:
    """Several months, too many to hold at once.

    Attributes:
        folder: Where they lie.
        facts: What the generator says of them.
    """

    folder: Path
    facts: SampleFacts

    def read(self, place: str) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
        """Yield the log files below the folders under `AWSLogs/` that match a pattern, with their records."""
        for path in sorted(self.folder.glob(f"AWSLogs/{place}/**/*.json.gz")):
            yield path.relative_to(self.folder), json.loads(gzip.decompress(path.read_bytes()))["Records"]
