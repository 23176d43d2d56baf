"""`comprova index`: writes the overview of an output folder."""

from pathlib import Path
from typing import Annotated

import typer

from comprova.cli.terminal import on_lines
from comprova.errors import ComprovaError


def index(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that runs were written to.")] = Path("out"),
) -> None:
    """Write a page of all runs in an output folder: by period and framework, with outcomes and links to documents.

    It is OUT/index.html, in the first language of the job that was sealed last; its other languages stand beside it, as
    index_pt-BR.html. Runs that are not sealed, or not as they were sealed, are named. `comprova run`, `demo` and
    `render` make it again by themselves.
    """
    from comprova.cli.content import roots
    from comprova.content import templates_of
    from comprova.jobs.overview import write_overview

    with templates_of(roots()) as templates:
        for page in write_overview(out, templates):
            typer.echo(page)


def remake_index(out: Path, *, quiet: bool = False) -> None:
    """Write the overview after a run; that it cannot be written is told, and is no fault of the run.

    Args:
        out: The output folder.
        quiet: Say nothing where it was written.
    """
    from comprova.cli.content import roots
    from comprova.content import templates_of
    from comprova.jobs.overview import write_overview

    try:
        with templates_of(roots()) as templates:
            first, *_ = write_overview(out, templates)
    except (ComprovaError, OSError) as error:
        typer.echo(f"comprova: the overview of {out} was not written: {on_lines(str(error))}", err=True)
    else:
        if not quiet:
            typer.echo(f"All runs: {first}")
