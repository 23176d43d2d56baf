"""Secrets are masked in place, in text that is JSON, holds JSON, or was JSON until it was cut."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comprova.catalog.api_models import ApiModels
from comprova.catalog.secret_members import plain_name, read_builtin
from comprova.evidence.secrets import MASK, secrets_of

SECRETS = secrets_of(read_builtin())
SIZE = 256 << 10
"""Bytes of the longest request or response that CloudTrail logs."""
GENEROUS_SECONDS = 10


@pytest.mark.parametrize(
    ("text", "expected", "count"),
    [
        ('{"userName":"ana","password":"x1"}', f'{{"userName":"ana","password":"{MASK}"}}', 1),
        ('{"password": "quote \\" and \\\\", "n": 1}', f'{{"password": "{MASK}", "n": 1}}', 1),
        ('{"password" :\n "x", "n":1}', f'{{"password" :\n "{MASK}", "n":1}}', 1),
        ('{"MasterUserPassword":"x","n":1}', f'{{"MasterUserPassword":"{MASK}","n":1}}', 1),
        ('{"x-amz-security-token":"x"}', f'{{"x-amz-security-token":"{MASK}"}}', 1),
        ('{"secret_access_key":"x"}', f'{{"secret_access_key":"{MASK}"}}', 1),
        ('{"pass\\u0077ord":"x"}', f'{{"pass\\u0077ord":"{MASK}"}}', 1),
        ('{"token":12345,"n":1}', f'{{"token":"{MASK}","n":1}}', 1),
        ('{"token":["a","]"],"n":1}', f'{{"token":"{MASK}","n":1}}', 1),
        ('{"secret":{"a":{"b":"}"}},"n":1}', f'{{"secret":"{MASK}","n":1}}', 1),
        ('[{"token":"a"},{"token":"b"}]', f'[{{"token":"{MASK}"}},{{"token":"{MASK}"}}]', 2),
        ('the call said {"password":"x"} and more', f'the call said {{"password":"{MASK}"}} and more', 1),
        ('{"n":1,"password":"cut', f'{{"n":1,"password":"{MASK}"', 1),
        ('{"n":1,"token":{"a":"cut', f'{{"n":1,"token":"{MASK}"', 1),
        ('{"body":"{\\"password\\":\\"cu"}', f'{{"body":"{{\\"password\\":\\"{MASK}\\""}}', 1),
        ('{"a":"password","b":"x"}', '{"a":"password","b":"x"}', 0),
        ('{"passwordResetRequired":false,"secretId":"s"}', '{"passwordResetRequired":false,"secretId":"s"}', 0),
        ('{"password":null,"token":true,"secret":""}', '{"password":null,"token":true,"secret":""}', 0),
        (
            '{"password":"****","masterUserPassword":"HIDDEN_DUE_TO_SECURITY_REASONS"}',
            '{"password":"****","masterUserPassword":"HIDDEN_DUE_TO_SECURITY_REASONS"}',
            0,
        ),
        ('{"userData":"\\u003csensitiveDataRemoved\\u003e"}', '{"userData":"\\u003csensitiveDataRemoved\\u003e"}', 0),
        (f'{{"password":"{MASK}"}}', f'{{"password":"{MASK}"}}', 0),
        ("password: x", "password: x", 0),
    ],
)
def test_a_secret_is_masked_where_it_stands(text: str, expected: str, count: int) -> None:
    """Only the value changes; what AWS hid already, and what is no value of a listed name, stays."""
    assert SECRETS.masked(text) == (expected, count)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["password", "name", "sessionToken", 'a"b\\', "Secret", "n"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
HIDDEN = (None, True, False, "")


def without_secrets(value: Any) -> Any:
    """Mask a document the slow way, as a tree."""
    if isinstance(value, dict):
        return {
            name: MASK if SECRETS.is_name(name) and not is_hidden(item) else without_secrets(item)
            for name, item in value.items()
        }
    return [without_secrets(item) for item in value] if isinstance(value, list) else value


def is_hidden(value: Any) -> bool:
    """Tell what is no secret."""
    return value is None or isinstance(value, bool) or (isinstance(value, str) and value.strip("*") == "")


@settings(deadline=None)
@given(JSON, st.integers(0, 3), st.booleans())
def test_json_stays_json_however_often_it_was_put_into_a_string(document: Any, levels: int, ascii_only: bool) -> None:  # noqa: FBT001
    """At every level of JSON in strings of JSON the same values are masked, and all others come back."""
    text = json.dumps(document, ensure_ascii=ascii_only)
    for _ in range(levels):
        text = json.dumps({"body": text, "n": 1}, ensure_ascii=ascii_only)
    masked, _ = SECRETS.masked(text)
    for _ in range(levels):
        masked = json.loads(masked)["body"]
    assert json.loads(masked) == without_secrets(document)


@settings(deadline=None)
@given(st.text(alphabet='ab"\\:,{}[] *', max_size=60), st.text(alphabet='ab"\\:,{}[] *', max_size=60))
def test_any_text_is_answered(before: str, after: str) -> None:
    """Text that is no JSON at all is answered, and masking again finds nothing more in it."""
    masked, _ = SECRETS.masked(f'{before}"password":{after}')
    assert SECRETS.masked(masked)[0] == masked


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "\\",
        '\\"',
        '"password":',
        '"password":"',
        '"password":{',
        '{"password":[',
        '"a":',
        " ",
        "\\u0041",
        '"\\\\',
        "[",
    ],
)
@pytest.mark.parametrize("before", ["", '"password":', '"password":"', '"password":{', '"', '"a" ', '"\\'])
def test_the_time_does_not_grow_faster_than_the_text(before: str, unit: str) -> None:
    """The longest text that can be logged is masked at once, whatever it repeats."""
    text = before + unit * (SIZE // len(unit))
    started = time.process_time()
    SECRETS.masked(text)
    assert time.process_time() - started < GENEROUS_SECONDS


def test_every_name_is_documented() -> None:
    """The API model that a name cites marks a member of that name as sensitive, so the list is no guess."""
    models = ApiModels()
    wrong = [
        f"{name} = {cited}"
        for name, cited in read_builtin().modelled.items()
        if plain_name(name) not in _sensitive(models, *cited.split())
    ]
    assert wrong == []


def _sensitive(models: ApiModels, service: str, operation: str) -> set[str]:
    """Return the names of all members of an operation that its model marks as sensitive."""
    model = models.service(service)
    found: set[str] = set()
    seen: set[str] = set()
    todo = [
        model.operations[operation][part]["shape"]
        for part in ("input", "output")
        if part in model.operations[operation]
    ]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        shape = model.shapes[name]
        for member, reference in shape.get("members", {}).items():
            if model.shapes[reference["shape"]].get("sensitive"):
                found.add(plain_name(member))
        todo += [reference["shape"] for reference in shape.get("members", {}).values()]
        todo += [shape[part]["shape"] for part in ("member", "value") if part in shape]
    return found
