"""The part of `comprova queries` about versions: releases, next versions, and what changed between two."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from comprova.catalog.text import SOURCE, Text
from comprova.cli.query_options import In, Json, QueryName
from comprova.cli.run import language_of
from comprova.cli.terminal import on_lines, on_one_line
from comprova.errors import ContentError

if TYPE_CHECKING:
    from comprova.catalog.differences import Difference


def bump_query(
    query: QueryName,
    note: Annotated[
        list[str],
        typer.Option(
            "--note", metavar="LANGUAGE=TEXT", help="What changes, for the pack's changelog, once for each language."
        ),
    ],
    keep: Annotated[
        list[str] | None, typer.Option("--keep", help="An edition of your own that stays with the old version.")
    ] = None,
) -> None:
    """Keep a released query under its version, and make the next version, which is yours to change.

    The pack and every framework that maps the query name the new version afterwards, but those to keep: what they name
    lies in superseded/, and is asked as it was.
    """
    from comprova.catalog.bump import Note, bumped_files
    from comprova.catalog.catalog import load_catalog
    from comprova.cli.content import roots
    from comprova.evidence.canonical import write_whole

    found = roots()
    catalog = load_catalog(found)
    root = found[0] if catalog.query(query).builtin else found[-1]
    said = Note(datetime.now(UTC).date(), _noted(note))
    for path, text in bumped_files(catalog, root, query, said, keep or ()).items():
        write_whole(path, text.encode())
        typer.echo(root.relative(path))


def _noted(parts: list[str]) -> Text:
    said = {language_of(name): text for name, _, text in (part.partition("=") for part in parts)}
    if SOURCE not in said or not all(said.values()):
        message = f"expected {SOURCE}=TEXT, and the same of other languages, found {', '.join(parts)}"
        raise typer.BadParameter(message, param_hint="--note")
    return Text(**said)


def lock_queries() -> None:
    """Release: append to queries.lock every query that it does not hold yet, and mended prose of those it holds.

    In a project these are the project's queries, and the lock is its own. What is locked never changes under its
    version: `queries check` refuses it from then on.
    """
    from comprova.catalog.catalog import LOCK, load_catalog
    from comprova.catalog.lock import appended, lock_problems, missing_entries
    from comprova.cli.content import roots
    from comprova.evidence.canonical import write_whole

    found = roots()
    root, catalog = found[-1], load_catalog(found)
    lock, items = (catalog.lock, catalog.lockable) if root.builtin else (catalog.project_lock, catalog.project_lockable)
    entries = missing_entries(lock, items, datetime.now(UTC).date())
    path = root.folder("queries") / LOCK
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if entries:
        write_whole(path, appended(text, lock, entries).encode())
    for entry in entries:
        typer.echo(f"{entry.id}@{entry.version}")
    typer.echo(f"{len(entries)} lines appended to {root.relative(path)}")
    changed = [problem for problem in lock_problems(lock, items) if "queries bump" in problem.hint]
    if changed:
        raise ContentError(changed)


def released_queries() -> None:
    """Compare queries.lock with the one at the last git tag: a released line never changes, and none goes."""
    from comprova.catalog.catalog import LOCK
    from comprova.catalog.lock import release_problems
    from comprova.catalog.tags import last_tag, text_at
    from comprova.cli.content import roots

    root = roots()[-1]
    where = root.folder("queries") / LOCK
    tag = last_tag(root.path)
    released = text_at(root.path, tag, root.relative(where)) if tag else None
    if tag is None or released is None:
        why = "nothing is tagged yet" if tag is None else f"{tag} has none"
        typer.echo(f"{root.relative(where)}: nothing to compare with, because {why}")
        return
    now = where.read_text(encoding="utf-8") if where.is_file() else ""
    if problems := release_problems(released, now, root.relative(where)):
        raise ContentError(problems)
    typer.echo(f"{root.relative(where)}: holds every line that {tag} released")


def diff_queries(
    before: Annotated[str, typer.Argument(metavar="A", help="identity@1.0.0, pack.name@1, a folder, or a git tag.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The same, later.")],
    language: In = SOURCE,
    as_json: Json = False,
) -> None:
    """Show what changed between two versions: questions added, removed, reworded, or of another meaning.

    A and B are versions of a query or a pack, folders that hold queries/, or git tags of the project. Of each question
    its meaning, its words, its SQL line by line, the requirements that name it, and since when.
    """
    from comprova.catalog.differences import differences
    from comprova.catalog.states import state_of
    from comprova.cli.content import roots

    found = roots()
    with state_of(before, found) as one, state_of(after, found) as other:
        changes = differences(one, other, language)
    if as_json:
        typer.echo(json.dumps([_as_json(change) for change in changes], indent=2, ensure_ascii=False))
        return
    if not changes:
        typer.echo(f"{before} and {after} ask the same questions in the same words.")
    for change in changes:
        _tell_change(change)


def _as_json(change: "Difference") -> dict[str, object]:
    texts = {name: str(value) if (value := getattr(change, name)) else None for name in ("before", "after", "released")}
    return {**asdict(change), "change": change.change.value, **texts}


def _tell_change(change: "Difference") -> None:
    versions = " -> ".join(str(ref) for ref in (change.before, change.after) if ref)
    since = f", released {change.released}" if change.released else ", not released yet"
    typer.echo(f"{change.change.value.upper()}  {versions}{since}\n  {on_lines(f'{change.title}: {change.question}')}")
    for said in (*change.meaning, *change.prose):
        typer.echo(on_lines(f"  {said.key}\n    - {said.before or 'none'}\n    + {said.after or 'none'}"))
    for line in change.sql:
        typer.echo(f"  {on_one_line(line)}")
    typer.echo(f"  named by {', '.join(change.cited_by) or 'no requirement'}\n")
