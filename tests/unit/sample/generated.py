"""A generated sample, read back."""

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
