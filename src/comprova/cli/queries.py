"""`comprova queries`: lists, shows and checks queries, and releases new versions of them."""

import json

import typer

from comprova.catalog.text import SOURCE
from comprova.cli import query_cases, query_versions
from comprova.cli.query_options import In, Json, QueryName
from comprova.cli.terminal import on_lines, on_one_line
from comprova.errors import ContentError

app = typer.Typer(no_args_is_help=True, help="What is asked: queries, packs, their versions and their lock.")


@app.command("list")
def list_queries(language: In = SOURCE, as_json: Json = False) -> None:
    """List every query of every pack at its current version."""
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots

    catalog = load_catalog(roots())
    if as_json:
        said = [
            {"query": str(query.ref), "kind": query.block.kind, "title": query.block.title.of(language)}
            for query in catalog.current
        ]
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    for pack in sorted(catalog.packs.values(), key=lambda item: item.id):
        typer.echo(f"{pack.id} {pack.version}  {on_one_line(pack.title.of(language))}")
        for ref in pack.refs:
            block = catalog.queries[ref].block
            typer.echo(f"  {ref!s:40} {block.kind:10} {on_one_line(block.title.of(language))}")


@app.command("show")
def show_query(query: QueryName, language: In = SOURCE) -> None:
    """Show what a query asks and what its rows mean, its limits, parameters, requirements and versions, and its SQL."""
    from comprova.catalog.catalog import load_catalog
    from comprova.catalog.pages import Pages
    from comprova.catalog.phrases import Phrases
    from comprova.catalog.translations import Domain
    from comprova.cli.content import roots
    from comprova.content import templates_of

    catalog = load_catalog(roots())
    found = catalog.query(query)
    with templates_of(roots()) as templates:
        phrases = Phrases(templates, language, Domain.PAGES)
    for line in Pages(catalog, phrases, linked=False).query(found):
        typer.echo(on_lines(line))
    typer.echo(f"\n{on_lines(found.sql)}", nl=False)


@app.command("check")
def check_queries() -> None:
    """Check all content: every problem of all files at once, as path:line, expected, found."""
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots
    from comprova.sql.content_check import content_problems

    found = roots()
    catalog = load_catalog(found)
    problems = content_problems(catalog, found)
    if problems:
        raise ContentError(problems)
    typer.echo(
        f"{len(catalog.queries)} queries in {len(catalog.packs)} packs, {len(catalog.parameters)} parameters, "
        f"{len(catalog.frameworks)} frameworks: nothing to mend"
    )


app.command("test")(query_cases.answer_cases)
app.command("bump")(query_versions.bump_query)
app.command("lock")(query_versions.lock_queries)
app.command("released")(query_versions.released_queries)
app.command("diff")(query_versions.diff_queries)
