"""What the runs of a job and period remember of Athena from one attempt to the next, until their evidence is sealed.

```
<out>/<job>/<period>/athena/executions.jsonl   every execution, as soon as it has begun
<out>/<job>/<period>/athena/notes.json         ids of attempts at loads and tables, the claimed database
```

When the evidence is sealed, the folder moves into that of its revision: the next run of the period begins anew.
"""

import json
import shutil
import threading
import uuid
from collections.abc import Mapping
from pathlib import Path

from comprova.engines.athena.journal import FileJournal
from comprova.errors import ComprovaError, Problem
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import RunLayout

_FOLDER, _NOTES, _EXECUTIONS = "athena", "notes.json", "executions.jsonl"
_SCOPE, _REVISION = "scope", "revision"


class FileNotes:
    """Notes in a JSON file, written whole each time.

    Args:
        path: The file; its folder need not be there yet.

    Raises:
        ComprovaError: The file holds something else.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._notes = _read(path)

    def recall(self, name: str) -> str | None:
        """Return what was noted under a name; None if nothing was."""
        with self._lock:
            return self._notes.get(name)

    def note(self, name: str, text: str) -> None:
        """Note a text under a name, in place of an earlier one."""
        with self._lock:
            if self._notes.get(name) != text:
                self._write({**self._notes, name: text})

    def forget(self, name: str) -> None:
        """Forget what was noted under a name."""
        with self._lock:
            if name in self._notes:
                self._write({known: text for known, text in self._notes.items() if known != name})

    def _write(self, notes: dict[str, str]) -> None:
        write_whole(self._path, json.dumps(notes, indent=1, sort_keys=True).encode() + b"\n")
        self._notes = notes


class RunMemory:
    """What is remembered of the run that is not sealed yet.

    Args:
        folder: Of the job and period.

    Raises:
        ComprovaError: A file holds something else than what was remembered.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        settle(folder)
        place = folder / _FOLDER
        place.mkdir(parents=True, exist_ok=True)
        self.notes = FileNotes(place / _NOTES)
        self.journal = FileJournal(place / _EXECUTIONS)

    @property
    def scope(self) -> str:
        """A text that all attempts of this run share, and no other run does."""
        scope = self.notes.recall(_SCOPE)
        if scope is None:
            scope = uuid.uuid4().hex
            self.notes.note(_SCOPE, scope)
        return scope

    def leave(self) -> None:
        """Put away what is remembered, at the end of a run that was not interrupted."""
        if not (self._folder / _FOLDER / _EXECUTIONS).exists():
            shutil.rmtree(self._folder / _FOLDER)  # nothing was begun
        settle(self._folder)

    def serves(self, layout: RunLayout) -> None:
        """Note for which revision statements are run from now on."""
        self.notes.note(_REVISION, layout.root.name)


def settle(folder: Path) -> None:
    """Move what is remembered into the folder of its revision, if that is sealed; an attempt may have died before."""
    place = folder / _FOLDER
    revision = _read(place / _NOTES).get(_REVISION)
    if revision is None:
        return
    layout = RunLayout(folder / revision)
    kept = layout.root / _FOLDER
    if layout.evidence.manifest.is_file() and not kept.exists():
        place.rename(kept)


def _read(path: Path) -> dict[str, str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        notes = json.loads(data)
    except ValueError as error:
        raise _strange(path, str(error)) from error
    if not (isinstance(notes, Mapping) and all(isinstance(text, str) for text in notes.values())):
        raise _strange(path, type(notes).__name__)
    return dict(notes)


def _strange(path: Path, found: str) -> ComprovaError:
    hint = "Move it away: what was begun is then begun, and paid, again."
    return ComprovaError(Problem(str(path), "notes of a run on Athena", found, hint))
