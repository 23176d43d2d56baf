"""Fuzzes the reader of log files for a bounded time: `make fuzz`, or `python -m fuzz.fuzz [libFuzzer's options]`.

libFuzzer, through atheris, follows which branches of the reader an input takes and keeps those that reach new ones.
It runs on Linux only, so the same invariants are properties of the test suite too (tests/unit/trail/test_fuzz.py).
"""

import gzip
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["comprova"]):
    from fuzz.invariants import any_file_is_answered, any_text_is_masked_and_guarded

from attack_logs import SHORT, hostile_record, records_file

_SECONDS = 60


def check(data: bytes) -> None:
    """Hold every invariant against one input."""
    any_file_is_answered(data)
    any_text_is_masked_and_guarded(data)


def write_seeds(folder: Path) -> None:
    """Write inputs to begin with: log files with hostile text, plain and compressed, whole and cut."""
    for number, text in enumerate(SHORT):
        data = records_file([hostile_record(number, text)])
        for name, seed in (("plain", data), ("gzip", gzip.compress(data, mtime=0)), ("cut", data[: len(data) // 2])):
            (folder / f"{number}-{name}").write_bytes(seed)


def main() -> None:
    """Fuzz for a minute, or as long as the options say."""
    with tempfile.TemporaryDirectory() as folder:
        write_seeds(Path(folder))
        options = sys.argv[1:] or [f"-max_total_time={_SECONDS}"]
        atheris.Setup([sys.argv[0], "-max_len=8192", "-verbosity=1", *options, folder], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
