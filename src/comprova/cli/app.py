"""The command `comprova`: its families, and the one place where errors become messages and exit codes."""

import errno
import os
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from comprova import __version__
from comprova.cli import (
    accept,
    athena,
    demo,
    doctor,
    frameworks,
    index,
    init,
    plan,
    queries,
    render,
    review,
    run,
    verify,
)
from comprova.cli.masking import without_secrets
from comprova.cli.terminal import on_lines
from comprova.errors import ComprovaError, ExitCode, Problem

app = typer.Typer(
    name="comprova",
    help="Dated LGPD, GDPR, HIPAA and PCI DSS evidence reports from CloudTrail logs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("init")(init.init)
app.command("plan")(plan.plan)
app.command("run")(run.run)
app.command("render")(render.render)
app.command("index")(index.index)
app.command("verify")(verify.verify)
app.command("accept")(accept.accept)
app.add_typer(review.app, name="review")
app.add_typer(queries.app, name="queries")
app.add_typer(frameworks.app, name="frameworks")
app.add_typer(athena.app, name="athena")
app.command("doctor")(doctor.doctor)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback
    if wanted:
        typer.echo(f"comprova {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Dated LGPD, GDPR, HIPAA and PCI DSS evidence reports from CloudTrail logs."""


class _StopRequest(BaseException):
    """Someone asked the process to end (Ctrl-C, SIGTERM); a KeyboardInterrupt would be answered by click, unsaid."""


_OUT_OF_REACH = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR}
)
"""What a path on the command line or in the job can be blamed for; other faults are those of a disk."""


def main() -> NoReturn:
    """Run the command line. Every fault ends as a message on standard error and an exit code of the README's table."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        app()
    except ComprovaError as error:
        for problem in error.problems:
            _tell(str(problem))
        sys.exit(error.exit_code)
    except _StopRequest:
        typer.echo("comprova: stopped; the same command goes on where this one ended", err=True)
        sys.exit(ExitCode.INCOMPLETE)
    except Exception as error:
        if os.environ.get("COMPROVA_DEBUG"):
            raise
        if isinstance(error, OSError) and error.errno is not None:
            _tell(str(_refused(error)))
            sys.exit(ExitCode.USAGE if error.errno in _OUT_OF_REACH else ExitCode.INCOMPLETE)
        if isinstance(error, MemoryError):
            hint = "Give it more, and give the same command again: it goes on where this one ended."
            _tell(str(Problem("memory", "enough to go on", "none left", hint)))
            sys.exit(ExitCode.INCOMPLETE)
        _tell(
            f"internal error: {type(error).__name__}: {error}. Nothing sealed was changed. "
            "Set COMPROVA_DEBUG=1 to see where, and please report it."
        )
        sys.exit(ExitCode.INTERNAL)
    sys.exit(ExitCode.COMPLETE)


def _tell(message: str) -> None:
    typer.echo(f"comprova: {on_lines(without_secrets(message))}", err=True)


def _refused(error: OSError) -> Problem:
    where = "a file or folder" if error.filename is None else str(error.filename)
    found = (os.strerror(error.errno) if error.errno else str(error)).lower()
    hint = "Mend that, and give the same command again: it goes on where this one ended."
    return Problem(where, "to be read and written", found, hint)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    # A second request must not cut off what the first one began: statements under way at Athena are being stopped.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise _StopRequest
