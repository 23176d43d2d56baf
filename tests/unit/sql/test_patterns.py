r"""Patterns on which the engines may differ are refused with what to write; the others are known by their groups."""

import pytest

from comprova.sql.patterns import PatternError, duckdb_path, duckdb_replacement, read_pattern

ALLOWED = {
    r"^arn:[^:]*:sts::[^:]*:assumed-role/[^/]+\z": ((), False),
    r"(a)(?:b)(c)": ((True, True), False),
    r"(a)?(b)": ((False, True), False),
    r"(a)*": ((False,), True),
    r"(a){0,3}": ((False,), True),
    r"(a){2}": ((True,), False),
    r"(a)|(b)": ((False, False), False),
    r"((a)|b)": ((True, False), False),
    r"(a|b)c": ((True,), False),
    r"(?:(a)|b)c": ((False,), False),
    r"x(a(b)?)": ((True, False), False),
    r"": ((), True),
    r"a*": ((), True),
    r"^\z": ((), True),
    r"[]": None,
    r"[a\]-]+": ((), False),
    r"[^\\/]": ((), False),
    r".{1,16}?": ((), False),
    r"\.\*\(\)\[\]\{\}\+\?\|\^\$\/": ((), False),
}


@pytest.mark.parametrize("pattern", [pattern for pattern, known in ALLOWED.items() if known])
def test_allowed_patterns(pattern: str) -> None:
    """A group that may take no part in a match, and a match of no text, are told apart from the others."""
    read = read_pattern(pattern)
    assert (read.groups, read.matches_empty) == ALLOWED[pattern]


REFUSED = {
    r"root$": r"Write \z",
    r"\d+": "Write [0-9]",
    r"\D": "Write [0-9]",
    r"\w": "Write [A-Za-z0-9_]",
    r"\s": "Write [ \\t]",
    r"\bx": r"`\b`",
    r"x\Z": r"Write \z",
    r"\p{L}": r"`\p`",
    r"(a)\1": r"`\1`",
    r"(?i)a": "lower(…)",
    r"(?=a)": "`(?=",
    r"(?<=a)": "`(?<",
    r"(?P<n>a)": "`(?P",
    r"a++": "a repetition of a repetition",
    r"a**": "a repetition of a repetition",
    r"(a": "`(` without `)`",
    r"a)": "`)` without `(`",
    r"[a": "`[` without `]`",
    r"[]a]": "an empty class",
    r"[[:alpha:]]": "`[` in a class",
    r"[a&&b]": "`&&`",
    r"[\d]": "Write [0-9]",
    r"*a": "a lone `*`",
    r"a{": "a lone `{`",
    r"a]": "a lone `]`",
    "a\\": "`\\`",
    r"^?a": "nothing to repeat",
    r"a{3,2}": "min repeat greater than max",
    r"[z-a]": "bad character range",
}


@pytest.mark.parametrize("pattern", REFUSED)
def test_refused_patterns(pattern: str) -> None:
    """What the engines do not read alike is named, and what to write instead where there is something."""
    with pytest.raises(PatternError) as refused:
        read_pattern(pattern)
    assert REFUSED[pattern] in f"{refused.value.found} {refused.value.hint}"


@pytest.mark.parametrize(
    ("replacement", "expected"), [("", ""), ("x", "x"), ("$2-$1", r"\2-\1"), ("$1é", r"\1é"), ("$0", r"\0")]
)
def test_replacements(replacement: str, expected: str) -> None:
    """Groups are named as DuckDB names them."""
    assert duckdb_replacement(replacement, groups=2) == expected


@pytest.mark.parametrize("replacement", ["$3", "$", "$$", r"\1", "${name}", "$12"])
def test_refused_replacements(replacement: str) -> None:
    """What is neither plain text nor a group of the pattern is refused."""
    with pytest.raises(PatternError):
        duckdb_replacement(replacement, groups=2)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$", "$"),
        ("$.a", '$."a"'),
        ("$.a.b_1[0].c", '$."a"."b_1"[0]."c"'),
        ('$["x-amz-acl"]', '$."x-amz-acl"'),
        ('$["a.b"][12]', '$."a.b"[12]'),
        ("$.aws:arn", '$."aws:arn"'),
    ],
)
def test_json_paths(path: str, expected: str) -> None:
    """Every key is quoted for DuckDB, which reads more into a bare one than Athena does."""
    assert duckdb_path(path) == expected


@pytest.mark.parametrize(
    "path",
    ["", "a", "a.b", "$.", "$..a", "$.*", "$[*]", "$[-1]", "$.a-b", "lax $.a", "$['a']", '$["a', "$[]", '$["a\\"b"]'],
)
def test_refused_json_paths(path: str) -> None:
    """Wildcards, negative positions and SQL/JSON modes are not read alike."""
    with pytest.raises(PatternError):
        duckdb_path(path)
