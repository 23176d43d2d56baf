"""Runs the command in processes of its own, and stops or hinders each of them at a step: `python -m disturbance`.

It reads requests from standard input, one JSON object a line, and answers each with a line that holds the exit status.
The command's libraries are loaded once; every run is a fork of this process.

A step is whatever changes the folder `out`, as Python tells it to audit hooks (PEP 578) just before it happens, or a
call of the embedded engine: before it, after it, and after its last row. A file gets its name by being renamed; the
process that is killed there leaves half of it under the temporary name, as if it had been killed while it wrote. So
what it leaves is also what a kill right after the step before leaves, and nothing that is done lies between two steps.
"""

import errno
import json
import multiprocessing
import os
import re
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from pathlib import Path
from typing import Any

ANY, FIRST = "any step", "start"
_LOADED_ONCE = (
    *(f"comprova.{name}" for name in ("cli.app", "cli.clock", "cli.content", "cli.progress", "cli.run")),
    *(f"comprova.{name}" for name in ("engines.duckdb", "jobs.folder_logs", "jobs.run")),
    *("holidays.countries", "pandas", "pyarrow.csv", "pyarrow.parquet", "rich.progress"),
)
"""What a run imports, so that no fork has to."""
_DIES = "DISTURBED_WORKER_DIES"
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True, slots=True)
class Request:
    """One run of the command.

    Attributes:
        folder: In which it runs.
        arguments: Of the command.
        steps: A file that gets each step, a line each; empty for none.
        targets: Pairs of a step, or ANY, and the one after it; where the run meets the first of them, it is disturbed.
        error: What happens there: this errno is raised; 0 to kill the process.
        file_bytes: The most that a file may hold, for the system and all libraries; 0 for no limit.
        engine: Settings that the embedded engine is given in addition.
        clock: Seconds by which the system's clock is wrong; with each look it goes back by an hour more.
        changes: By path of a log file: the path of what takes its place once the run opens it, or nothing if it goes.
        workers: Whether logs are read by several processes, and those beside the run are disturbed.
        orphaned: Whether they lose the process that started them, which tells their ids in `workers.txt`; else each is
            killed as it begins.
    """

    folder: str
    arguments: list[str]
    steps: str = ""
    targets: list[tuple[str, str]] = field(default_factory=list)
    error: int = 0
    file_bytes: int = 0
    engine: dict[str, str] = field(default_factory=dict)
    clock: int = 0
    changes: dict[str, str] = field(default_factory=dict)
    workers: bool = False
    orphaned: bool = False


class Steps:
    """Writes down each step of this process, and disturbs it at a target."""

    def __init__(self, request: Request) -> None:
        self._out = str(Path("out").absolute())
        self._targets = {(before, step) for before, step in request.targets}
        self._error = request.error
        self._log = os.open(request.steps, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._last = FIRST
        self._process = os.getpid()

    def heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take an audit event, and take the step that it is, if it is one."""
        if os.getpid() != self._process:
            return
        match event, arguments:
            case "open", (str() as path, _, int() as flags) if flags & _WRITES and not os.path.exists(path):  # noqa: PTH110
                self._take("open", path)
            case "os.rename", (source, target, *_):
                self._take("rename", target, source)
            case "os.mkdir", (path, *_) if not os.path.isdir(path):  # noqa: PTH112
                self._take("mkdir", path)
            case (("os.remove" | "os.rmdir"), (path, int() as folder)):
                place = os.path.join(f"/proc/self/fd/{folder}", path) if folder >= 0 else path  # noqa: PTH118
                if os.path.lexists(place):
                    self._take(event.removeprefix("os."), os.path.realpath(place))
            case _:
                pass

    def take(self, name: str, path: str, written: str | None = None) -> None:
        """Take a step; at a target, this process is disturbed."""
        pair = (self._last, name)
        self._last = name
        os.write(self._log, f"{name}\n".encode())
        if self._targets.isdisjoint({pair, (ANY, name)}):
            return
        self._targets.clear()
        if self._error == errno.ENOMEM:
            raise MemoryError  # what Python and Arrow raise where the system says ENOMEM
        if self._error:
            raise OSError(self._error, os.strerror(self._error), path)
        if written is not None:
            os.truncate(written, os.stat(written).st_size // 2)  # noqa: PTH116
        os.kill(self._process, signal.SIGKILL)

    def _take(self, kind: str, path: str | os.PathLike[str], written: str | os.PathLike[str] | None = None) -> None:
        place = os.path.abspath(os.fspath(path))  # noqa: PTH100
        temporary = kind == "open" and place.endswith((".part", ".parquet"))
        if place.startswith(self._out + os.sep) and not temporary:
            # The store of records is named after the place of the logs, and every test has them elsewhere.
            shown = re.sub(r"^\.records/[0-9a-f]{16}", ".records", place[len(self._out) + 1 :])
            self.take(f"{kind} {shown}", place, None if written is None else os.fspath(written))


def _count_engine_calls(steps: Steps) -> None:
    from comprova.engines.duckdb import DuckDBEngine
    from comprova.engines.interface import Answer

    build, run = DuckDBEngine.build, DuckDBEngine.run

    def _build(self: Any, *statements: Any) -> None:
        steps.take("build", "")
        build(self, *statements)
        steps.take("built", "")

    def _run(self: Any, statement: Any, columns: Any) -> Answer:
        steps.take(f"ask {statement.ref}", "")
        answer = run(self, statement, columns)
        return Answer(answer.execution, _read(answer.batches, str(statement.ref)))

    def _read(batches: Iterator[Any], name: str) -> Iterator[Any]:
        steps.take(f"asked {name}", "")
        yield from batches
        steps.take(f"answered {name}", "")

    DuckDBEngine.build = _build  # type: ignore[method-assign, assignment]
    DuckDBEngine.run = _run  # type: ignore[method-assign]


def _configure_engine(settings: dict[str, str]) -> None:
    import duckdb

    connect = duckdb.connect

    def _connect(*, config: dict[str, Any]) -> Any:
        return connect(config=config | settings)

    duckdb.connect = _connect  # type: ignore[assignment]


def _set_clock_back(seconds: int) -> None:
    from comprova.cli import clock

    class _Clock(datetime):
        looks = 0

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            cls.looks += 1
            return datetime.now(tz) - timedelta(seconds=seconds, hours=cls.looks)

    clock.datetime = _Clock  # type: ignore[attr-defined]


def _change_logs(changes: dict[str, str]) -> Callable[[str, tuple[Any, ...]], None]:
    left = {os.path.abspath(path): content for path, content in changes.items()}  # noqa: PTH100

    def _heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and (content := left.pop(arguments[0], None)) is not None:
            path = Path(arguments[0])
            if content:
                path.write_bytes(Path(content).read_bytes())
            else:
                path.unlink()

    return _heard


def _disturb_workers(request: Request) -> None:
    from comprova.cli.progress import LineProgress
    from comprova.trail import workers

    workers.PARALLEL_BYTES = 0
    if not request.orphaned:
        os.environ[_DIES] = "yes"  # every process that is started from now on finds it

    def _advance(_self: LineProgress, _part: str) -> None:
        if request.orphaned and (started := multiprocessing.active_children()):
            Path("workers.txt").write_text("\n".join(str(process.pid) for process in started), encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)

    LineProgress.advance = _advance  # type: ignore[method-assign, assignment]


def _run(request: Request) -> None:
    from comprova.cli.app import main

    os.chdir(request.folder)
    for name, stream in (("stdout", 1), ("stderr", 2)):
        os.dup2(os.open(f"{name}.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), stream)
    if request.file_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (request.file_bytes, request.file_bytes))
    if request.clock:
        _set_clock_back(request.clock)
    if request.engine:
        _configure_engine(request.engine)
    if request.steps:
        steps = Steps(request)
        _count_engine_calls(steps)
        sys.addaudithook(steps.heard)
    if request.workers:
        _disturb_workers(request)
    if request.changes:
        sys.addaudithook(_change_logs(request.changes))
    sys.argv = ["comprova", *request.arguments]
    main()


def _forked(request: Request) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        _run(request)
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    """Answer requests until there are no more."""
    for module in _LOADED_ONCE:
        import_module(module)
    names = {one.name for one in fields(Request)}
    for line in sys.stdin:
        values = json.loads(line)
        assert values.keys() <= names
        print(json.dumps(_forked(Request(**values))), flush=True)  # noqa: T201


if __name__ == "__main__":
    serve()
elif os.environ.get(_DIES):
    os.kill(os.getpid(), signal.SIGKILL)  # a worker process, which loads this module before its work
