"""What loading and building remember from one attempt of a run to the next, and what they need of a session."""

from typing import Protocol

from comprova.engines.athena.journal import Finished
from comprova.errors import EngineError


class Notes(Protocol):
    """Short texts by name, on disk before the call returns; any thread may call."""

    def recall(self, name: str) -> str | None:
        """Return what was noted under a name; None if nothing was."""

    def note(self, name: str, text: str) -> None:
        """Note a text under a name, in place of an earlier one."""

    def forget(self, name: str) -> None:
        """Forget what was noted under a name."""


class FolderSpentError(EngineError):
    """An execution that writes into a folder did not succeed, and may have left something there: choose another."""


class Executes(Protocol):
    """Runs statements to their ends; `AthenaSession` does."""

    def execute(
        self, sql: str, database: str, *, name: str, at_most: int | None = None, writes: bool = False
    ) -> Finished:
        """Return the execution of a statement that has succeeded.

        Raises:
            BudgetError: It was not started, because the run might scan too much.
            FolderSpentError: It writes, and is to be started anew into another folder.
            EngineError: Athena refused it.
            RunStoppedError: The run cannot go on.
        """
