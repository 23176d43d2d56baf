"""`comprova queries`: lists, shows and checks queries, and releases new versions of them."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from comprova.catalog.text import Language
from comprova.errors import ContentError

app = typer.Typer(no_args_is_help=True, help="What is asked: queries, packs, their versions and their lock.")
In = Annotated[Language, typer.Option("--language", help="Of titles and questions.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
QueryName = Annotated[str, typer.Argument(metavar="QUERY", help="pack.name, or pack.name@1.")]


@app.command("list")
def list_queries(language: In = Language.EN, as_json: Json = False) -> None:
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
        typer.echo(f"{pack.id} {pack.version}  {pack.title.of(language)}")
        for ref in pack.refs:
            block = catalog.queries[ref].block
            typer.echo(f"  {ref!s:40} {block.kind:10} {block.title.of(language)}")


@app.command("show")
def show_query(query: QueryName, language: In = Language.EN) -> None:
    """Show what a query asks, what it needs, where it bears, and its SQL."""
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots

    catalog = load_catalog(roots())
    found = catalog.query(query)
    block = found.block
    typer.echo(f"{found.ref}  {block.title.of(language)}\n{block.question.of(language)}\n")
    typer.echo(f"kind {block.kind}, severity {block.severity}, file {found.path}")
    typer.echo(f"needs {', '.join(block.needs) or 'nothing'}; parameters {', '.join(block.parameters) or 'none'}")
    for limit in block.limits.en if language is Language.EN else block.limits.pt_BR:
        typer.echo(f"- {limit}")
    for key, framework in sorted(catalog.frameworks.items()):
        for requirement in framework.requirement:
            for item in requirement.evidence:
                if item.ref == found.ref:
                    typer.echo(f"{item.bearing} {key} {requirement.id}  {requirement.title.of(language)}")
    typer.echo(f"\n{found.sql}", nl=False)


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


@app.command("bump")
def bump_query(
    query: QueryName,
    en: Annotated[str, typer.Option("--en", help="What changes, in English, for the pack's changelog.")],
    pt_br: Annotated[str, typer.Option("--pt-BR", help="The same in Brazilian Portuguese.")],
) -> None:
    """Keep a released query under its version, and make the next version, which is yours to change.

    The pack and every framework that maps the query name the new version afterwards.
    """
    from comprova.catalog.bump import Note, bumped_files
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots
    from comprova.evidence.canonical import write_whole

    found = roots()
    catalog = load_catalog(found)
    root = found[0] if catalog.query(query).builtin else found[-1]
    note = Note(datetime.now(UTC).date(), en, pt_br)
    for path, text in bumped_files(catalog, root, query, note).items():
        write_whole(path, text.encode())
        typer.echo(root.relative(path))


@app.command("lock")
def lock_queries() -> None:
    """Append to queries.lock every query and view that it does not hold yet, and mended prose of those it holds."""
    from comprova.catalog.catalog import LOCK, load_catalog
    from comprova.catalog.lock import appended, lock_problems, missing_entries
    from comprova.cli.content import roots
    from comprova.evidence.canonical import write_whole

    root = roots()[0]
    catalog = load_catalog(roots())
    entries = missing_entries(catalog.lock, catalog.lockable, datetime.now(UTC).date())
    path = root.folder("queries") / LOCK
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if entries:
        write_whole(path, appended(text, catalog.lock, entries).encode())
    for entry in entries:
        typer.echo(f"{entry.id}@{entry.version}")
    typer.echo(f"{len(entries)} lines appended to {root.relative(path)}")
    changed = [problem for problem in lock_problems(catalog.lock, catalog.lockable) if "queries bump" in problem.hint]
    if changed:
        raise ContentError(changed)
