"""Writes whole files, and JSON in the one form that RFC 8785 allows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import rfc8785
from pydantic import BaseModel

from comprova.errors import naming


def canonical_json(value: BaseModel) -> bytes:
    """Return the RFC 8785 text of a value, with a line feed at its end so that text tools like it.

    Moments are written in UTC to the millisecond, and whole numbers that JSON cannot carry exactly as text.

    Raises:
        ValueError: A moment has no time zone, or a number is not finite.
    """
    return rfc8785.dumps(_plain(value.model_dump(mode="python"))) + b"\n"


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case datetime(tzinfo=None):
            message = f"{value} has no time zone: its text would depend on the machine"
            raise ValueError(message)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case int() if not isinstance(value, bool) and abs(value) >= 2**53:
            return str(value)  # beyond what JSON numbers carry exactly
        case _:
            return value


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    with whole(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give the temporary name under which to write a file; once it is written and on disk, it gets its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    try:
        with naming(path):
            yield temporary
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
