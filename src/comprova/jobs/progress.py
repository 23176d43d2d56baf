"""How a run tells what it is doing; the command line decides how it is shown."""

from typing import Protocol


class Progress(Protocol):
    """Told of every step, in order."""

    def begin(self, step: str, total: int | None = None) -> None:
        """A step begins; `total` is how many parts it has, where that is known."""
        ...

    def advance(self, part: str) -> None:
        """One part of the step is over."""
        ...

    def end(self, step: str, **facts: str | float) -> None:
        """A step is over, with the facts worth a line."""
        ...
