"""Builds small content roots: a built-in one with everything that a run needs, and a project beside it.

`BUILTIN` and `PROJECT` are whole and without fault; a test writes them with a change: `{**BUILTIN, name: text}`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from comprova.content import ContentRoot, builtin_root

ACTIVITY = "queries/activity.sql"
PARAMETERS = "queries/parameters.toml"
PACK = "queries/identity/pack.toml"
ROOT_USE = "queries/identity/root_use.sql"
KEY_AGE = "queries/identity/key_age.sql"
FRAMEWORK = "queries/frameworks/acts-2026.toml"
JOB = "jobs/monthly.toml"
REPORT = "reports/monthly.toml"
_PAGES = tuple(f"templates/locale/{language}/LC_MESSAGES/pages.po" for language in ("en", "pt_BR"))

PROJECT_PACK = "queries/visits/pack.toml"
VISITS = "queries/visits/visits.sql"
POLICY = "queries/frameworks/acme.policy-1.toml"


def text_of(key: str, text: str = "Text") -> str:
    """Return a key in both languages, as TOML."""
    return f'{key}.en = "{text}"\n{key}.pt_BR = "{text} (pt)"\n'


def query_file(id_: str, version: int = 1, *, kind: str = "exception", more: str = "parameters = []\n") -> str:
    """Return a query file of two columns; `more` are lines of its block that name parameters."""
    exception = kind == "exception"
    subject = '["event_id"]' if exception else "[]"
    return (
        f'/*---\nid = "{id_}"\nversion = {version}\nkind = "{kind}"\nseverity = "{"high" if exception else "info"}"\n'
        f"{text_of('title')}{text_of('question')}"
        f'needs = ["management:write"]\n{more}grain = ["event_id"]\n'
        f"subject = {subject}\n"
        'limits.en = ["It shows what was logged."]\nlimits.pt_BR = ["Mostra o que foi registrado."]\n'
        f"{text_of('remedy')}\n"
        f'[[column]]\nname = "event_id"\ntype = "varchar"\n{text_of("title")}\n'
        f'[[column]]\nname = "person"\ntype = "varchar"\n{text_of("title")}personal = true\n'
        "---*/\n\nSELECT event_id, person\nFROM activity\nORDER BY event_id\n"
    )


def view_file(id_: str) -> str:
    """Return the file of a view."""
    return f'/*---\nid = "{id_}"\nversion = 1\n{text_of("title")}reads = ["records"]\n---*/\n\nSELECT 1 AS one\n'


def pack_file(id_: str, refs: Sequence[str], version: str = "1.0.0") -> str:
    """Return a `pack.toml`."""
    queries = "".join(f'  "{ref}",\n' for ref in refs)
    return (
        f'id = "{id_}"\nversion = "{version}"\n{text_of("title")}queries = [\n{queries}]\n\n'
        f'[[changelog]]\nversion = "{version}"\ndate = 2026-10-01\nen = "First."\npt_BR = "Primeira."\n'
    )


def requirement(id_: str, rest: str) -> str:
    """Return a requirement of a framework; `rest` are the lines from `coverage` on."""
    return f'\n[[requirement]]\nid = "{id_}"\nparent = "A"\n{text_of("title")}{text_of("summary")}{rest}'


def mapped(ref: str, bearing: str = "proves", coverage: str = "full", more: str = "") -> str:
    """Return the lines of a requirement on which one query bears."""
    evidence = f'evidence = [\n  {{ query = "{ref}", bearing = "{bearing}" }},\n]\n'
    return f'coverage = "{coverage}"\n{text_of("why")}{more}{evidence}'


def framework_file(id_: str, edition: str, *requirements: str, dates: str = "effective_from = 2010-01-01\n") -> str:
    """Return the file of an edition; `dates` are the lines that say when it is in force."""
    return (
        f'id = "{id_}"\nedition = "{edition}"\n{text_of("title")}authority = "An authority"\n'
        f'source = "https://example.org"\n{dates}{text_of("note")}{"".join(requirements)}'
    )


def parameter(name: str, type_: str, example: str, origin: str) -> str:
    """Return one parameter; `origin` is a line with `default`, `required` or `given`."""
    return f'[{name}]\ntype = "{type_}"\n{origin}\n{text_of("meaning")}example = {example}\n\n'


BUILTIN: Mapping[str, str] = {
    ACTIVITY: view_file("activity"),
    "queries/deliveries.sql": view_file("deliveries"),
    PARAMETERS: parameter("max_age_days", "bigint", "90", "default = 90")
    + parameter("approved", "array(varchar)", '["a"]', "required = true")
    + parameter("holidays", "array(row(day date, name varchar))", "[]", 'given = "calendar"')
    + parameter("time_zone", "varchar", '"UTC"', 'given = "run"'),
    "queries/secrets.toml": (
        '[modelled]\nmasterUserPassword = "rds CreateDBInstance"\npassword = "iam CreateLoginProfile"\n'
    ),
    PACK: pack_file("identity", ("identity.root_use@1", "identity.key_age@1")),
    ROOT_USE: query_file("identity.root_use"),
    KEY_AGE: query_file(
        "identity.key_age", more='parameters = ["max_age_days", "approved"]\nlookback_days = "max_age_days"\n'
    ),
    FRAMEWORK: framework_file(
        "acts",
        "2026",
        requirement("1", mapped("identity.root_use@1")),
        requirement("2", mapped("identity.key_age@1", "supports", "supporting")),
        requirement("3", f'coverage = "none"\nelsewhere = "manual"\n{text_of("why")}'),
    ),
    JOB: (
        f'id = "monthly"\n{text_of("title")}organisation = "Acme"\nreport = "monthly"\nframeworks = ["acts"]\n'
        'languages = ["en", "pt_BR"]\ntime_zone = "America/Sao_Paulo"\n\n'
        '[source]\nkind = "folder"\nname.en = "Logs of Acme"\nname.pt_BR = "Registros da Acme"\nlogs = "logs"\n\n'
        '[scope]\naccounts = ["111122223333"]\nregions = ["sa-east-1"]\n\n'
        '[calendar]\ncountry = "BR"\nsubdivision = "SP"\n\n'
        '[limits]\ngap_percent = 1\n\n[parameters]\napproved = ["arn:aws:iam::111122223333:role/admin"]\n'
    ),
    REPORT: (
        f'id = "monthly"\n{text_of("title")}{text_of("audience")}section = ["cover"]\nattention_items = 6\n'
        "finding_rows = 25\ndocument_rows = 100\nextract_rows = 5\nattached_megabytes = 1\n"
        'sql_lines = 90\nvalue_characters = 160\nformats = ["html"]\n'
    ),
    "templates/body.html.j2": "<body></body>\n",
    "templates/locale/en/LC_MESSAGES/comprova.po": "",
    "templates/locale/pt_BR/LC_MESSAGES/comprova.po": "",
    **{name: (builtin_root().path / name).read_text(encoding="utf-8") for name in _PAGES},
}
"""Comprova's own content, made small."""

PROJECT: Mapping[str, str] = {
    PROJECT_PACK: pack_file("acme.visits", ("acme.visits.visits@1",)),
    VISITS: query_file("acme.visits.visits", kind="population"),
    POLICY: framework_file("acme.policy", "1", requirement("1", mapped("acme.visits.visits@1"))),
}
"""A project that adds a pack and a framework."""


def write_root(path: Path, files: Mapping[str, str], *, builtin: bool = True) -> ContentRoot:
    """Write files below a folder and return it as a content root."""
    for name, text in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return ContentRoot(path, builtin=builtin)


def without(files: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return the files but those of some names."""
    return {name: text for name, text in files.items() if name not in names}


def changed(files: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """Return the files with a text replaced in one of them, once; it must be there."""
    assert old in files[name], f"{old!r} is not in {name}"
    return {**files, name: files[name].replace(old, new, 1)}


def line(text: str, part: str) -> int:
    """Return the number of the first line that holds a text."""
    return next(number for number, one in enumerate(text.splitlines(), start=1) if part in one)
