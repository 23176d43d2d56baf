"""Logs in which strangers wrote whatever they could, and a project whose queries return all of it."""

import gzip
import json
import random
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from content_builder import framework_file, mapped, pack_file, requirement, text_of
from unit.trail.log_files import ACCOUNT, compact, key_of, record

LONG = 64 << 10

MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td><svg onload=alert(1)>",
    "</script><script>alert(1)",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<plaintext>",
    "<textarea>",
    "<!--",
    "]]>",
    "<style>*{display:none}</style>",
    "</style><style>@import url(http://192.0.2.1/x.css);",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<img src=http://169.254.169.254/latest/meta-data/>",
    "<object data=file:///etc/passwd><embed src=file:///etc/passwd>",
    "<svg><image href=http://192.0.2.1/x></svg>",
    "@font-face{src:url(http://192.0.2.1/f)} @color-profile x{src:url(//192.0.2.1)}",
    "{{7*7}} {% include '/etc/passwd' %} {# #} ${7*7}",
    "%n %s {0} {framework} {n}",
)
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://192.0.2.1","x")',
    '=WEBSERVICE("http://192.0.2.1")',
    '"=1+1"',
    ";=1+1",
    " =1+1",
    "\ufeff=1+1",
    "\t=1+1",
    "\r=1+1",
    "a\n=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff201",
)
UNSEEN = (
    "nul \x00 in it",
    "c0 \x01\x02\x07\x08\x0b\x0c\x1b[31m\x7f",
    "c1 \x80\x85\x9b31m",
    "right-to-left \u202egnp.exe\u202c",
    "isolates \u2066a\u2067b\u2069",
    "zero\u200bwidth\u200c\u200d\u2060\ufeff",
    "line\u2028paragraph\u2029feed\nreturn\rtab\t",
    "soft\u00adhyphen, no\u00a0break, thin\u2009space",
    "combining e" + "\u0301" * 30,
    "\u6f22\u5b57\u4eee\u540d \ud55c\uad6d\uc5b4",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u05e2\u05d1\u05e8\u05d9\u05ea",
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 flag \U0001f1e7\U0001f1f7",
    "private \ue000\U000f0000\U0010fffd",
    "unassigned \u0378\U000e0fff tags \U000e0041",
    "literal \\u{202E} and \\u202e",
    "'; DROP TABLE activity; --",
    "' OR '1'='1",
    "../../../../etc/passwd",
    "$(id) `id` | id",
)
"""Text that is not seen as it is, that no font of ours draws, or that other tools would act on."""


def long_texts() -> tuple[str, ...]:
    """Return texts of 64 KB: one word, many words, and characters that are all escaped."""
    return "x" * LONG, "word " * (LONG // 5), "\u202e" * (LONG // 3)


def random_texts(count: int = 40) -> tuple[str, ...]:
    """Return texts of characters from every category of Unicode but surrogates; always the same."""
    chance = random.Random(20261001)  # noqa: S311 - not for secrets
    by_category: dict[str, list[str]] = {}
    for code in range(sys.maxunicode + 1):
        by_category.setdefault(unicodedata.category(chr(code)), []).append(chr(code))
    categories = sorted(by_category.keys() - {"Cs"})
    return tuple(
        "".join(chance.choice(by_category[chance.choice(categories)]) for _ in range(chance.randint(1, 24)))
        for _ in range(count)
    )


SHORT = (*MARKUP, *FORMULAS, *UNSEEN)


def hostile_records() -> list[dict[str, object]]:
    """Return one record per text, with the text in every place where a caller can put some."""
    return [hostile_record(number, text) for number, text in enumerate((*SHORT, *random_texts(), *long_texts()))]


def hostile_record(number: int, text: str) -> dict[str, object]:
    """Return a record in which a stranger wrote a text wherever strangers can."""
    identity = {
        "type": "IAMUser",
        "principalId": f"AIDA{text[:200]}",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{text[:200]}",
        "accountId": ACCOUNT,
        "userName": text[:200],
    }
    return record(
        number,
        userIdentity=identity,
        sourceIPAddress=text[:200],
        userAgent=text,
        errorCode="AccessDenied",
        errorMessage=text,
        requestParameters={"userName": text[:200], "note": text, text[:60] or "empty": "name"},
        responseElements={"note": text},
        eventSource="iam.amazonaws.com",
        eventName="CreateUser",
        eventTime=f"2026-10-02T{number // 60:02}:{number % 60:02}:00Z",
        resources=[{"ARN": text[:200], "accountId": ACCOUNT, "type": "AWS::IAM::User"}],
    )


def write_log(folder: Path, name: str, text: bytes, day: str = "2026-10-02") -> None:
    """Write the bytes of a log file, gzipped, under the key that CloudTrail would give it."""
    path = folder / key_of(day, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text, 1, mtime=0))


def records_file(records: list[dict[str, object]]) -> bytes:
    """Return the JSON of a log file, with every character outside ASCII as it is."""
    return b'{"Records":[' + b",".join(compact(item) for item in records) + b"]}"


_COLUMNS = {
    "event_id": "varchar",
    "event_time": "timestamp",
    "user_agent": "varchar",
    "actor": "varchar",
    "person": "varchar",
    "source_address": "varchar",
    "error_message": "varchar",
    "request": "varchar",
    "response": "varchar",
}
_PERSONAL = frozenset({"actor", "person", "source_address", "user_agent", "error_message"})


def _query(id_: str, kind: str, columns: Mapping[str, str], sql: str, parameters: tuple[str, ...] = ()) -> str:
    exception = kind == "exception"
    block = (
        f'/*---\nid = "{id_}"\nversion = 1\nkind = "{kind}"\nseverity = "{"high" if exception else "info"}"\n'
        f"{text_of('title', id_)}{text_of('question')}"
        f"needs = []\nparameters = {json.dumps(parameters)}\n"
        f'grain = ["event_id"]\nsubject = {["event_id", "person"] if exception else []}\n'
        'limits.en = ["None."]\nlimits.pt_BR = ["Nenhum."]\n'
        f"{text_of('remedy')}\n"
    )
    for name, type_ in columns.items():
        personal = "personal = true\n" if name in _PERSONAL else ""
        block += f'[[column]]\nname = "{name}"\ntype = "{type_}"\n{text_of("title", name)}{personal}\n'
    return f"{block}---*/\n\n{sql}"


_ALL = f"SELECT\n    {', '.join(_COLUMNS)}\nFROM activity\n"
_NOT_APPROVED = (
    f"{_ALL}WHERE NOT any_match(:approved_data_readers, reader -> person = reader)\nORDER BY event_time, event_id\n"
)
_LISTS = (
    "SELECT event_id, person, ARRAY[user_agent, request] AS texts\nFROM activity\n"
    "WHERE event_name = 'CreateUser'\nORDER BY event_id\n"
)
_COUNTS = "SELECT max(event_id) AS event_id, user_agent\nFROM activity\nGROUP BY user_agent\nORDER BY event_id\n"
_MEMBERS = (
    "SELECT event_id, json_extract_scalar(request, '$.note') AS note\nFROM activity\n"
    "WHERE call_result = 'denied'\nORDER BY event_id\n"
)

PROJECT: Mapping[str, str] = {
    "queries/raw/pack.toml": pack_file(
        "acme.raw", ("acme.raw.calls@1", "acme.raw.lists@1", "acme.raw.counts@1", "acme.raw.members@1")
    ),
    "queries/raw/calls.sql": _query("acme.raw.calls", "exception", _COLUMNS, _NOT_APPROVED, ("approved_data_readers",)),
    "queries/raw/lists.sql": _query(
        "acme.raw.lists", "population", {"event_id": "varchar", "person": "varchar", "texts": "array(varchar)"}, _LISTS
    ).replace('name = "texts"', 'personal = true\nname = "texts"'),
    "queries/raw/counts.sql": _query(
        "acme.raw.counts", "metric", {"event_id": "varchar", "user_agent": "varchar"}, _COUNTS
    ),
    "queries/raw/members.sql": _query(
        "acme.raw.members", "population", {"event_id": "varchar", "note": "varchar"}, _MEMBERS
    ),
    "queries/frameworks/acme.attacks-1.toml": framework_file(
        "acme.attacks",
        "1",
        *(
            requirement(str(number), mapped(f"acme.raw.{name}@1"))
            for number, name in enumerate(("calls", "lists", "counts", "members"), start=1)
        ),
    ),
    "reports/attacks.toml": (
        f'id = "attacks"\n{text_of("title")}{text_of("audience")}'
        'section = ["cover", "scope", "summary", "matrix", "requirements", "queries", "annex"]\n'
        "attention_items = 6\nfinding_rows = 500\ndocument_rows = 500\nextract_rows = 500\nsql_lines = 200\n"
        "value_characters = 600\nattached_megabytes = 0\n"
        'formats = ["pdf", "html"]\n'
    ),
    "jobs/attacks.toml": (
        f'id = "attacks"\n{text_of("title")}organisation = "Acme"\nreport = "attacks"\n'
        'frameworks = ["acme.attacks"]\nlanguages = ["en", "pt_BR"]\ntime_zone = "UTC"\n\n'
        '[source]\nkind = "folder"\nname.en = "Logs"\nname.pt_BR = "Registros"\nlogs = "logs"\n\n'
        '[scope]\naccounts = []\nregions = []\n\n[calendar]\ncountry = "BR"\nsubdivision = "SP"\n\n'
        "[limits]\ngap_percent = 100\n\n"
        '[parameters]\napproved_data_readers = ["o\'hara@example.com", "Dora -- Prado"]\n'
    ),
}
"""Queries that return what callers wrote: as columns, in lists, grouped, and from members of requests."""
