"""`comprova render`: makes documents of an evidence folder again."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from comprova.cli.run import Frameworks, Languages, languages_of, names
from comprova.errors import ComprovaError, Problem


def render(
    evidence: Annotated[Path, typer.Argument(help="An evidence folder, or the folder of the run around it.")],
    frameworks: Frameworks = None,
    languages: Languages = None,
    report: Annotated[
        str | None,
        typer.Option("--report", help="A TOML file, or the name of one in reports/; default: the job's own."),
    ] = None,
    listings: Annotated[
        str | None,
        typer.Option("--listings", help="Comma-separated ids of questions: all their rows, each as a PDF of its own."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Default: documents/ beside the evidence; with --report, documents-<its id>/."),
    ] = None,
) -> None:
    """Render the documents of sealed evidence again: with no engine, no AWS and no network, in any language.

    With --report monthly-masked, names of people are replaced by pseudonyms.

    With --listings and without --frameworks, only listings are made. A long one has several volumes.
    """
    from comprova.catalog.translations import known_languages
    from comprova.cli.content import roots
    from comprova.cli.index import remake_index
    from comprova.cli.progress import shown_progress
    from comprova.content import templates_of
    from comprova.documents.overview import FIRST_PAGE
    from comprova.evidence.layout import RunLayout
    from comprova.evidence.reader import open_evidence
    from comprova.jobs.content_copy import copied_job, copied_report
    from comprova.jobs.exclusive import exclusive
    from comprova.jobs.ledger import read_ledger
    from comprova.jobs.preparation import find_report
    from comprova.jobs.rendering import Rendering, render_documents

    opened = open_evidence(evidence)
    run = RunLayout(opened.layout.root.parent)
    ledger = read_ledger(run.ledger)
    held = {
        f"{item.id}-{item.edition}": {f"{item.id}-{item.edition}", f"{item.id}@{item.edition}", item.id}
        for item in opened.assessment.frameworks
    }
    listed = names(listings, "--listings")
    wanted = names(frameworks, "--frameworks") or (() if listed else tuple(held))
    if unknown := set(wanted).difference(*held.values()):
        expected = f"frameworks of this evidence ({', '.join(held)})"
        raise ComprovaError(Problem("--frameworks", expected, ", ".join(sorted(unknown))))
    keys = tuple(key for key, said in held.items() if said & set(wanted))
    if report is None:
        definition = copied_report(opened.layout, copied_job(opened.layout, opened.assessment.scope.job)).definition
        folder = run.documents
    else:
        definition = find_report(report, roots()).definition
        folder = run.documents_of(definition.id)
    # Documents beside the evidence are also what a run of the same job and period writes.
    alone = exclusive(run.root.parent) if ledger and out is None else nullcontext()
    with alone, templates_of(roots()) as templates, shown_progress() as progress:
        files = render_documents(
            Rendering(
                evidence=opened.layout,
                out=out or folder,
                frameworks=keys,
                languages=known_languages(languages_of(languages), templates),
                definition=definition,
                templates=templates,
                sealed_at=ledger.sealed_at if ledger else None,
                listings=listed or (),
            ),
            progress.advance,
        )
    for file in files:
        typer.echo(file)
    of_runs = run.root.parent.parent.parent
    if out is None and (of_runs / FIRST_PAGE).is_file():
        remake_index(of_runs, quiet=True)
