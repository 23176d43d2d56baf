"""`comprova frameworks`: lists and shows editions, and what queries cover."""

import json
from typing import Annotated

import typer

from comprova.catalog.framework import Coverage
from comprova.catalog.text import SOURCE, Language
from comprova.cli.run import language_of
from comprova.cli.terminal import on_lines, on_one_line

app = typer.Typer(no_args_is_help=True, help="Editions of laws and standards, and what bears on each requirement.")
In = Annotated[
    Language, typer.Option("--language", parser=language_of, metavar="LANGUAGE", help="Of titles and reasons.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_frameworks(language: In = SOURCE, as_json: Json = False) -> None:
    """List every edition with its number of requirements."""
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots

    editions = sorted(load_catalog(roots()).frameworks.items())
    if as_json:
        said = [
            {"key": key, "title": item.title.of(language), "requirements": len(item.requirement)}
            for key, item in editions
        ]
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    for key, item in editions:
        typer.echo(f"{key:20} {len(item.requirement):4} requirements  {on_one_line(item.title.of(language))}")


@app.command("show")
def show_framework(
    framework: Annotated[str, typer.Argument(help="A key (pci-dss-4.0.1), or an id for its newest edition.")],
    requirement: Annotated[str | None, typer.Argument(help="The id of one requirement.")] = None,
    language: In = SOURCE,
) -> None:
    """Show an edition, or one of its requirements with its reason and queries."""
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots
    from comprova.errors import ContentError, Problem

    edition = load_catalog(roots()).edition(framework)
    chosen = [item for item in edition.requirement if requirement in {None, item.id}]
    if not chosen:
        raise ContentError(Problem("requirement", f"an id of {edition.key}", repr(requirement)))
    for item in chosen:
        typer.echo(f"{item.id}  {on_one_line(item.title.of(language))}  [{item.coverage}]")
        if requirement:
            typer.echo(f"  {on_lines(item.summary.of(language))}")
            if item.why:
                typer.echo(f"  {on_lines(item.why.of(language))}")
        for evidence in item.evidence if requirement else ():
            reason = f": {evidence.because.of(language)}" if evidence.because else ""
            typer.echo(f"  {evidence.bearing}: {evidence.query}{on_lines(reason)}")


@app.command("coverage")
def coverage(as_json: Json = False) -> None:
    """Count, per edition, requirements by coverage, those with queries, and on how many each query bears.

    Queries that bear on none of an edition, and those that bear on none at all, are named.
    """
    from comprova.catalog.catalog import load_catalog
    from comprova.catalog.coverage import coverage_of, mapped_nowhere
    from comprova.cli.content import roots

    catalog = load_catalog(roots())
    editions, nowhere = coverage_of(catalog), mapped_nowhere(catalog)
    counts = {
        one.framework.key: {level.value: count for level, count in one.levels.items()}
        | {"asked": one.asked, "queries": len(one.requirements)}
        for one in editions
    }
    if as_json:
        said = {
            "editions": counts,
            "queries": {one.framework.key: one.requirements for one in editions},
            "left_out": {one.framework.key: one.left_out for one in editions},
            "unmapped": nowhere,
        }
        typer.echo(json.dumps(said, indent=2, sort_keys=True))
        return
    columns = (*(level.value for level in Coverage), "asked", "queries")
    typer.echo(f"{'edition':20}" + "".join(f"{name:>12}" for name in columns))
    for key, own in counts.items():
        typer.echo(f"{key:20}" + "".join(f"{own[name]:12}" for name in columns))
    typer.echo(f"\n{'requirements of a query':44}" + "".join(f"{key:>16}" for key in counts))
    for ref in sorted({ref for one in editions for ref in one.requirements}):
        bears = (len(one.requirements.get(ref, ())) for one in editions)
        typer.echo(f"{ref:44}" + "".join(f"{count or '-':>16}" for count in bears))
    typer.echo("")
    for one in editions:
        typer.echo(f"Not in {one.framework.key}: {', '.join(one.left_out) or 'none'}")
    typer.echo(f"{len(catalog.current)} queries; mapped nowhere: {', '.join(nowhere) or 'none'}")
