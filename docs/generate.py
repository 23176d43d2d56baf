"""Writes the pages of docs/ that say what the content and the command line are; `make docs` runs it.

`tests/content/test_docs.py` compares the pages in the repository with what this module makes.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from comprova.catalog.catalog import Catalog, load_catalog
from comprova.catalog.coverage import coverage_of
from comprova.catalog.pages import Pages, anchor, citations
from comprova.catalog.phrases import Phrases
from comprova.catalog.translations import Domain, languages_in
from comprova.content import builtin_root
from comprova.documents.localized import autonym
from comprova.engines.athena.iam import Permission, policy, run_permissions, setup_permissions
from comprova.jobs.athena_setup import athena_source, grants_of
from comprova.jobs.definition import find_job
from comprova.sample import Explained, Incident, NearMiss, Row, story

DOCS = Path(__file__).resolve().parent
_STORE_KEY = "arn:aws:kms:sa-east-1:999988887777:key/11111111-2222-3333-4444-555555555555"
_TRAIL_KEY = "arn:aws:kms:us-east-1:111122223333:key/66666666-7777-8888-9999-000000000000"
_TEMPLATES = builtin_root().folder("templates")
_PHRASES = [Phrases(_TEMPLATES, language, Domain.PAGES) for language in languages_in(_TEMPLATES)]
_GENERATED = "<!-- Made by `make docs`; edit docs/generate.py or the content instead. -->\n\n"


def pages() -> dict[str, str]:
    """Return the text of each generated page by its file name."""
    catalog = load_catalog([builtin_root()])
    return {
        "commands.md": _GENERATED + _commands().rstrip() + "\n",
        "queries.md": _GENERATED + "\n".join(_queries(catalog)) + "\n",
        "athena-iam.md": _GENERATED + "\n".join(_permissions()) + "\n",
        "coverage.md": _GENERATED + "\n".join(_coverage(catalog)) + "\n",
        "demo.md": _GENERATED + "\n".join(_demo()) + "\n",
        **{f"catalog/{name}": text for name, text in _catalog_pages(catalog)},
        "catalog/search.html": search_page(catalog),
    }


def _catalog_pages(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for phrases in _PHRASES:
        pages = Pages(catalog, phrases, linked=True)
        made = {
            **{f"{pack.id}.md": pages.pack(pack) for pack in catalog.packs.values()},
            **{f"{edition.key}.md": pages.framework(edition) for edition in catalog.frameworks.values()},
            "README.md": _index(catalog, phrases),
        }
        for name, lines in made.items():
            yield f"{phrases.language.tag}/{name}", _GENERATED + "\n".join(lines) + "\n"


def _index(catalog: Catalog, phrases: Phrases) -> Iterator[str]:
    language = phrases.language
    yield f"# {phrases.text('index.title')}\n"
    yield f"{phrases.text('index.search')}\n"
    others = [other.language for other in _PHRASES if other.language != language]
    yield " · ".join(f"[{autonym(other)}](../{other.tag}/README.md)" for other in others) + "\n"
    yield f"## {phrases.text('index.packs')}\n"
    for _, pack in sorted(catalog.packs.items()):
        yield f"- [{pack.title.of(language)}]({pack.id}.md): {len(pack.refs)}"
    yield f"- {phrases.text('index.table')}"
    yield f"\n## {phrases.text('index.editions')}\n"
    for key, edition in sorted(catalog.frameworks.items()):
        yield f"- [{edition.title.of(language)}]({key}.md): {len(edition.requirement)}"


def search_page(catalog: Catalog) -> str:
    """Return a page that searches the catalogue: whole in itself, without a request, and without a script but its own.

    What it searches is a block of JSON that no browser takes for markup or for a script.
    """
    assets = {
        name: (DOCS / "search" / name).read_text(encoding="utf-8") for name in ("page.html", "page.css", "page.js")
    }
    said = {
        "texts": {phrases.language.tag: _search_texts(phrases) for phrases in _PHRASES},
        "entries": [entry for phrases in _PHRASES for entry in _entries(catalog, phrases)],
    }
    data = json.dumps(said, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    page = assets["page.html"]
    for mark, text in (
        ("STYLE-HASH", _hash(assets["page.css"])),
        ("SCRIPT-HASH", _hash(assets["page.js"])),
        ("STYLE", assets["page.css"]),
        ("SCRIPT", assets["page.js"]),
        ("LANGUAGES", " ".join(map(_button, _PHRASES))),
        ("NO-SCRIPT", " · ".join(map(_without_script, _PHRASES))),
        ("DATA", data),
    ):
        page = page.replace(f"{{{{{mark}}}}}", text)
    return page


def _search_texts(phrases: Phrases) -> dict[str, str]:
    """Return the words of the page; its script puts numbers in place of {shown} and {all}."""
    texts = {name: phrases.text(f"search.{name}") for name in ("intro", "label", "more", "page")}
    counts = {name: phrases.text(f"search.{name}", shown="{shown}", all="{all}") for name in ("some", "all")}
    return texts | counts


def _button(phrases: Phrases) -> str:
    tag = phrases.language.tag
    return f'<button type="button" lang="{tag}" data-language="{tag}">{autonym(phrases.language)}</button>'


def _without_script(phrases: Phrases) -> str:
    tag = phrases.language.tag
    linked = re.sub(
        r"\[(.+?)\]\((.+?)\)", r'<a href="\2">\1</a>', phrases.text("search.no-script", index=f"{tag}/README.md")
    )
    return f'<span lang="{tag}">{linked}</span>'


def _entries(catalog: Catalog, phrases: Phrases) -> Iterator[dict[str, object]]:
    """Yield what can be found: l language, i id, t title, s text, m more text, k what it is, p its page."""
    language = phrases.language
    for query in catalog.current:
        block = query.block
        cited = [f"{item.framework.key} {item.requirement.id}" for item in citations(catalog, query.ref)]
        yield {
            "l": language.tag,
            "i": str(query.ref),
            "t": block.title.of(language),
            "s": block.question.of(language),
            "m": [
                *block.limits.of(language),
                block.remedy.of(language),
                ", ".join(cited),
                ", ".join((*block.needs, *block.parameters)),
            ],
            "k": phrases.text(f"kind.{block.kind}"),
            "p": f"{language.tag}/{query.pack}.md#{anchor(query.id)}",
        }
    for key, edition in sorted(catalog.frameworks.items()):
        for one in edition.requirement:
            yield {
                "l": language.tag,
                "i": f"{key} {one.id}",
                "t": one.title.of(language),
                "s": one.summary.of(language),
                "m": [", ".join(item.query for item in one.evidence)],
                "k": phrases.text(f"coverage.{one.coverage}"),
                "p": f"{language.tag}/{key}.md#{anchor(f'{one.id} {one.title.of(language)}')}",
            }


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _commands() -> str:
    """Return what typer itself writes of the command line."""
    command = [sys.executable, "-m", "typer", "comprova.cli.app", "utils", "docs", "--name", "comprova"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own command


def _queries(catalog: Catalog) -> Iterator[str]:
    yield "# Queries\n"
    yield "Every question of the packs, what must be logged before no rows means anything, and where it bears.\n"
    bearing = _bearing(catalog)
    for _, pack in sorted(catalog.packs.items()):
        yield f"## {pack.title.en} (`{pack.id}` {pack.version})\n"
        yield "| query | kind | question | needs | bears on |\n|---|---|---|---|---|"
        for ref in pack.refs:
            block = catalog.queries[ref].block
            needs = ", ".join(f"`{need}`" for need in block.needs) or "the log files"
            places = ", ".join(f"{key} {count}" for key, count in sorted(bearing[str(ref)].items())) or "nothing yet"
            yield f"| `{ref}` | {block.kind} | {_cell(block.question.en)} | {needs} | {places} |"
        yield ""


def _coverage(catalog: Catalog) -> Iterator[str]:
    yield "# Coverage\n"
    yield (
        "How much of each edition's evidence CloudTrail can give, and how much is asked for today. The counts are "
        "of entries, not of articles: an edition groups neighbouring provisions that no log can evidence.\n"
    )
    yield "| edition | entries | full | partial | supporting | none | with queries | queries |"
    yield "|---|---|---|---|---|---|---|---|---|"
    editions = coverage_of(catalog)
    for one in editions:
        by_level = " | ".join(map(str, one.levels.values()))
        figures = f"{one.asked} | {len(one.requirements)}"
        yield f"| {one.framework.key} | {len(one.framework.requirement)} | {by_level} | {figures} |"
    yield "\n## Queries and requirements\n\nOn how many requirements each query bears; — where it bears on none.\n"
    yield f"| query | {' | '.join(one.framework.key for one in editions)} |\n|---|{'---|' * len(editions)}"
    for query in catalog.current:
        counts = [len(one.requirements.get(str(query.ref), ())) for one in editions]
        yield f"| `{query.ref}` | {' | '.join(str(count) if count else '—' for count in counts)} |"
    for key, edition in sorted(catalog.frameworks.items()):
        yield f"\n## {key}\n\n| requirement | coverage | queries |\n|---|---|---|"
        for item in edition.requirement:
            queries = ", ".join(f"`{evidence.query}` {evidence.bearing}" for evidence in item.evidence)
            said = queries or str(item.elsewhere)
            yield f"| {item.id} {_cell(item.title.en)} | {item.coverage} | {said} |"


_STORY = """\
# The demo

`comprova demo` writes six months of logs of Pagamentos Ipê, an invented payments company in São Paulo: three accounts,
four regions, about 150 thousand events. People sign in through Identity Center, programs call with roles and old keys,
services call for them, calls are throttled and made again, files come late, records come twice. Then it makes evidence
of the last three months (of all with `--months 6`), and documents of October 2026 that say what is new, what recurs and
what is gone.

Among the routine lie the incidents below. `out/demo-truth-7.json` lists each with its event ids, the rows that it
should have, and the requirements under which an auditor would file it. `tests/end_to_end/test_story.py` asks every
exception query about every month, and holds it to that: each has an incident that it finds and a near miss that it
passes by, and none finds anything else. Queries about all that people do (`behaviour.first_uses`,
`permissions.denied_sensitive`, `privileged.manual_changes`) show the planted changes too, and nothing besides; in the
first months, what is compared with earlier days has too few of them to say anything. Two findings are tolerated for a
time, by [`jobs/demo.acceptances.toml`](../jobs/demo.acceptances.toml).
"""


def _demo() -> Iterator[str]:
    planted = story()
    yield _STORY
    for month in dict.fromkeys(incident.month for incident in reversed(planted.incidents)):
        yield f"## {month}\n"
        yield "| what happened | shown by | filed under |\n|---|---|---|"
        for incident in planted.incidents:
            if incident.month == month:
                yield f"| **{incident.title.en}.** {incident.story.en} | {_shown_by(incident)} | {_filed(incident)} |"
        misses = [
            f"- {incident.title.en}: {miss.reason.en}{_all_the_same(miss)}"
            for incident in planted.incidents
            if incident.month == month
            for miss in incident.near_misses
        ]
        explained = [f"- {_explained(item)}" for item in planted.explained if item.month == month]
        yield "\nThese look like it, and are not taken for it:\n\n" + "\n".join(misses)
        if explained:
            yield "\nThese are shown, and have their reason:\n\n" + "\n".join(explained)
        yield ""


def _shown_by(incident: Incident) -> str:
    if incident.gaps:
        days = ", ".join(f"{gap.account} on {gap.day}" for gap in incident.gaps)
        return f"{_names(incident.rows)}; cells without logs: {days}"
    return _names(incident.rows) or ", ".join(f"`{query}` (a list)" for query in incident.listed_in)


def _all_the_same(miss: NearMiss) -> str:
    return f" (Shown by {_names(miss.rows)}, which asks for something else.)" if miss.rows else ""


def _filed(incident: Incident) -> str:
    return "; ".join(f"{edition} {', '.join(ids)}" for edition, ids in incident.requirements.items())


def _explained(item: Explained) -> str:
    return f"{item.reason.en} ({_names(item.rows)})"


def _names(rows: tuple[Row, ...]) -> str:
    return ", ".join(f"`{query}`" for query in dict.fromkeys(row.query for row in rows))


def _permissions() -> Iterator[str]:
    file = find_job("athena", [builtin_root()])
    grants = grants_of(file.job, athena_source(file), "")
    grants = replace(grants, kms_key=_STORE_KEY, trail_kms_key=_TRAIL_KEY)
    yield "# The smallest IAM policies for a job on Athena\n"
    job = "[`jobs/athena.toml`](../jobs/athena.toml)"
    yield (
        f"As `comprova athena iam athena` prints them for {job}, here with KMS keys. "
        "[On Amazon Athena](athena.md) says what else must let the role in.\n"
    )
    yield "## For the role that runs, plans and diagnoses the job\n"
    yield from _policy(run_permissions(grants))
    yield "\n## What `athena setup` needs besides\n"
    yield from _policy(setup_permissions(grants))


def _policy(permissions: tuple[Permission, ...]) -> Iterator[str]:
    yield "| statement | why |\n|---|---|"
    for permission in permissions:
        yield f"| `{permission.sid}` | {_cell(permission.reason)} |"
    yield f"\n```json\n{json.dumps(policy(permissions), indent=2)}\n```"


def _bearing(catalog: Catalog) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {str(ref): Counter() for ref in catalog.queries}
    for key, edition in catalog.frameworks.items():
        for requirement in edition.requirement:
            for item in requirement.evidence:
                found[item.query][key] += 1
    return found


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write every page."""
    made = pages()
    for path in DOCS.glob("catalog/*/*.md"):
        if path.relative_to(DOCS).as_posix() not in made:
            path.unlink()
    for name, text in made.items():
        (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
