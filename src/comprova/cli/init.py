"""`comprova init`: makes a project of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from comprova.catalog.text import SOURCE, Language
from comprova.cli.run import language_of


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the project is made.")],
    logs: Annotated[
        Path | None, typer.Option("--logs", help="A folder of CloudTrail files to look through for suggestions.")
    ] = None,
    prefix: Annotated[
        str | None, typer.Option("--prefix", help="With which your own ids begin; default: the folder's name.")
    ] = None,
    language: Annotated[
        Language,
        typer.Option(
            "--language",
            parser=language_of,
            metavar="LANGUAGE",
            help="Of the comments: en, pt-BR or another that has a catalogue.",
        ),
    ] = SOURCE,
    time_zone: Annotated[
        str, typer.Option("--time-zone", help="Of periods and working hours, such as America/Sao_Paulo.")
    ] = "UTC",
) -> None:
    """Make a project: its folders, and a job with every parameter, explained and not yet set.

    With --logs, the job suggests what these logs hold, and how often and when last it was seen: accounts, regions,
    buckets, keys, networks, roles of administrators and others. Nothing of it is in force until you say so.
    """
    from comprova.catalog.translations import known_languages
    from comprova.cli.content import roots
    from comprova.cli.progress import shown_progress
    from comprova.content import templates_of
    from comprova.jobs.starter import NewProject, make_project

    with templates_of(roots()) as templates, shown_progress() as progress:
        [chosen] = known_languages((language,), templates, where="--language")
        made = make_project(NewProject(folder, prefix, logs, chosen, time_zone), templates, progress)
    for path in made.files:
        typer.echo(path)
    if logs is not None:
        counts = ", ".join(f"{len(values.values)} {topic.value}" for topic, values in made.survey.found.items())
        typer.echo(f"Found in {made.survey.files} log files: {counts or 'nothing'}")
    typer.echo(f"Next: edit {made.files[0]}, then in {folder}: comprova plan {made.job}")
