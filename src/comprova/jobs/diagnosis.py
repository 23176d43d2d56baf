"""What trying something out found, before the first run."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum

from comprova.errors import ComprovaError


class Verdict(StrEnum):
    """What came of trying."""

    OK = "ok"
    NOT = "not"
    """It was tried and does not work, or is not as it should be."""
    UNKNOWN = "unknown"
    """It could not be tried, or only a run tries it."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was tried.

    Attributes:
        name: What.
        verdict: What came of it.
        found: What was tried and found.
        hint: What to do; empty where there is nothing to do.
    """

    name: str
    verdict: Verdict
    found: str
    hint: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it in JSON's types."""
        return {key: str(value) for key, value in asdict(self).items()}


def tried(name: str, attempt: Callable[[], str], hint: str = "") -> Diagnosis:
    """Try something.

    Args:
        name: What it is.
        attempt: Does it, and says what it found; a ComprovaError is the answer no.
        hint: What to do where the error says nothing.
    """
    try:
        return Diagnosis(name, Verdict.OK, attempt())
    except ComprovaError as error:
        problem = error.problems[0]
        return Diagnosis(name, Verdict.NOT, f"{problem.where}: {problem.found}", hint or problem.hint)
