"""`comprova init`: makes a project of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from comprova.cli.run import languages_of


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the project is made.")],
    logs: Annotated[
        Path | None, typer.Option("--logs", help="A folder of CloudTrail files to look through for suggestions.")
    ] = None,
    prefix: Annotated[
        str | None, typer.Option("--prefix", help="With which your own ids begin; default: the folder's name.")
    ] = None,
    language: Annotated[str, typer.Option("--language", help="Of the comments: en or pt-BR.")] = "en",
    time_zone: Annotated[
        str, typer.Option("--time-zone", help="Of periods and working hours, such as America/Sao_Paulo.")
    ] = "UTC",
) -> None:
    """Make a project: its folders, and a job with every parameter, explained and not yet set.

    With --logs, the job suggests what these logs hold, and how often and when last it was seen: accounts, regions,
    buckets, keys, networks, roles of administrators and others. Nothing of it is in force until you say so.
    """
    from comprova.cli.progress import shown_progress
    from comprova.jobs.starter import NewProject, make_project
    from comprova.jobs.starter_texts import TITLE

    chosen = languages_of(language)
    if chosen is None or len(chosen) != 1 or chosen[0] not in TITLE.languages:
        known = ", ".join(known.tag for known in TITLE.languages)
        message = f"expected one of {known}, found {language!r}"
        raise typer.BadParameter(message, param_hint="--language")
    with shown_progress() as progress:
        made = make_project(NewProject(folder, prefix, logs, chosen[0], time_zone), progress)
    for path in made.files:
        typer.echo(path)
    if logs is not None:
        counts = ", ".join(f"{len(values.values)} {topic.value}" for topic, values in made.survey.found.items())
        typer.echo(f"Found in {made.survey.files} log files: {counts or 'nothing'}")
    typer.echo(f"Next: edit {made.files[0]}, then in {folder}: comprova plan {made.job}")
