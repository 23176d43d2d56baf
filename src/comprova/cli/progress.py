"""Shows progress: bars on a terminal, one JSON line per step otherwise."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from comprova.jobs.progress import Progress as RunProgress


class BarProgress:
    """A line with a bar for the step under way, and a line left behind for each that is over."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def begin(self, step: str, total: int | None = None) -> None:
        """Start a bar."""
        self._task = self._bars.add_task(step, total=total, part="")

    def advance(self, part: str) -> None:
        """Move the bar, and show the part's name."""
        if self._task is not None:
            self._bars.update(self._task, advance=1, part=part)

    def end(self, step: str, **facts: str | float) -> None:
        """Put the step's facts in the bar's place."""
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None
        said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items())
        self._bars.console.print(f"{step}: {said}" if said else step, highlight=False, markup=False)


class LineProgress:
    """One line of JSON on standard error for each step that is over."""

    def begin(self, step: str, total: int | None = None) -> None:
        """Say nothing: the line comes when the step is over."""

    def advance(self, part: str) -> None:
        """Say nothing: the line comes when the step is over."""

    def end(self, step: str, **facts: str | float) -> None:
        """Write the line."""
        line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "step": step, **facts}
        sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")


@contextmanager
def shown_progress() -> Iterator[RunProgress]:
    """Give the progress that fits where standard error goes."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield LineProgress()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[part]}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        yield BarProgress(bars)
