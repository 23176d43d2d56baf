"""The one way in which comprova says that something is wrong, and the codes with which it exits."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """What the process tells whoever started it; the README prints this table."""

    COMPLETE = 0
    """Everything asked for was done."""
    INTERNAL = 1
    """A fault of comprova itself."""
    USAGE = 2
    """The command, a job, a query or another file is not as it should be."""
    EXCEPTIONS = 10
    """Complete, with exceptions; only with `--fail-on exceptions`."""
    INCOMPLETE = 11
    """Something failed or was not run, or more of the trail is missing than the job allows."""
    VERIFICATION = 12
    """Evidence is not what its manifest says."""
    BUSY = 13
    """Another run holds this job and period."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault at one place.

    Attributes:
        where: The file (and line, `path:line`), option or object at fault.
        expected: What should have been there.
        found: What was there.
        hint: What to do next; empty where `expected` already says it.
    """

    where: str
    expected: str
    found: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: expected {self.expected}, found {self.found}"
        return f"{text}. {self.hint}" if self.hint else text


class ComprovaError(Exception):
    """A fault that a user can do something about. The command line prints it without a traceback.

    Attributes:
        problems: All faults found, never empty.
        exit_code: The code with which the process ends.
    """

    exit_code = ExitCode.USAGE

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Have a fault of the system that names no file, as of a disk that is full, name this one."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


class ContentError(ComprovaError):
    """A query, pack, framework, job or other content file is not as it should be."""


class EngineError(ComprovaError):
    """The engine refused a statement, or its answer could not be read whole."""

    exit_code = ExitCode.INCOMPLETE


class BudgetError(EngineError):
    """A statement was not started: with it, the run might scan more than it may."""


class RunStoppedError(ComprovaError):
    """The run cannot go on, whatever is asked: credentials, permissions, a workgroup, the network, a request to stop.

    It says nothing of a question, so nothing is recorded as failed; the same command goes on where this one ended.
    """

    exit_code = ExitCode.INCOMPLETE


class VerificationError(ComprovaError):
    """Evidence differs from its manifest."""

    exit_code = ExitCode.VERIFICATION


class BusyError(ComprovaError):
    """Another run holds this job and period."""

    exit_code = ExitCode.BUSY
