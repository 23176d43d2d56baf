"""The command `comprova`: its families, and the one place where errors become messages and exit codes."""

import os
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from comprova import __version__
from comprova.cli import demo, doctor, frameworks, plan, queries, render, run, verify
from comprova.errors import ComprovaError, ExitCode

app = typer.Typer(
    name="comprova",
    help="Dated LGPD, GDPR, HIPAA and PCI DSS evidence reports from CloudTrail logs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("plan")(plan.plan)
app.command("run")(run.run)
app.command("render")(render.render)
app.command("verify")(verify.verify)
app.add_typer(queries.app, name="queries")
app.add_typer(frameworks.app, name="frameworks")
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


def main() -> NoReturn:
    """Run the command line. Every fault ends as a message on standard error and an exit code of the README's table."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except ComprovaError as error:
        for problem in error.problems:
            typer.echo(f"comprova: {problem}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("comprova: stopped; the same command goes on where this one ended", err=True)
        sys.exit(ExitCode.INCOMPLETE)
    except BrokenPipeError:
        # Whoever read our output has gone; what Python would flush at exit has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.COMPLETE)
    except Exception as error:
        if os.environ.get("COMPROVA_DEBUG"):
            raise
        typer.echo(
            f"comprova: internal error: {type(error).__name__}: {error}. Nothing sealed was changed. "
            "Set COMPROVA_DEBUG=1 to see where, and please report it.",
            err=True,
        )
        sys.exit(ExitCode.INTERNAL)
    sys.exit(ExitCode.COMPLETE)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
