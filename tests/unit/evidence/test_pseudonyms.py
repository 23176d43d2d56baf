"""Pseudonyms: the same for the same name, in place of the name alone, and not to be computed without the evidence."""

import csv
import hashlib
import hmac
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comprova.evidence.pseudonyms import Pseudonyms, names_in, pseudonym_table, pseudonyms_of
from comprova.evidence.secrets import MASK, Secrets

OURS, OTHERS = Pseudonyms(b"a" * 32), Pseudonyms(b"b" * 32)
ACCOUNT = "111122223333"
HEADER = "log_file,state,bytes,sha256,records,unreadable,etag\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "s3.amazonaws.com",
        "AWS Internal",
        ACCOUNT,
        "HIDDEN_DUE_TO_SECURITY_REASONS",
        f"arn:aws:iam::{ACCOUNT}:root",
        f"arn:aws:iam::{ACCOUNT}:role/team/deploy",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        f"arn:aws-us-gov:iam::{ACCOUNT}:policy/reading",
        "arn:aws:iam::*:role/identity-admin",
        "arn:aws:iam::*:user/*",
    ],
)
def test_what_names_no_person_stays(text: str) -> None:
    """Services, accounts, roles and policies can be read in a masked document."""
    assert OURS.masked(text) == text
    assert list(names_in(text)) == []


@pytest.mark.parametrize(
    ("text", "shape", "names"),
    [
        ("maria", "{}", ["maria"]),
        ("203.0.113.7", "{}", ["203.0.113.7"]),
        (f"arn:aws:iam::{ACCOUNT}:user/maria", f"arn:aws:iam::{ACCOUNT}:user/{{}}", ["maria"]),
        (f"arn:aws:iam::{ACCOUNT}:user/sales/maria", f"arn:aws:iam::{ACCOUNT}:user/{{}}/{{}}", ["sales", "maria"]),
        (f"arn:aws:iam::{ACCOUNT}:mfa/maria", f"arn:aws:iam::{ACCOUNT}:mfa/{{}}", ["maria"]),
        (
            f"arn:aws:sts::{ACCOUNT}:assumed-role/Reader/maria@example.com",
            f"arn:aws:sts::{ACCOUNT}:assumed-role/Reader/{{}}",
            ["maria@example.com"],
        ),
        (f"arn:aws:sts::{ACCOUNT}:federated-user/maria", f"arn:aws:sts::{ACCOUNT}:federated-user/{{}}", ["maria"]),
        ("arn:aws:s3:::marias-bucket", "arn:aws:s3:::{}", ["marias-bucket"]),
        (f"arn:aws:iam::{ACCOUNT}:///", "{}", [f"arn:aws:iam::{ACCOUNT}:///"]),
        (f"arn:aws:iam::{ACCOUNT}:user/<b>\nmaria", f"arn:aws:iam::{ACCOUNT}:user/{{}}", ["<b>\nmaria"]),
    ],
)
def test_a_name_is_replaced_where_it_stands(text: str, shape: str, names: list[str]) -> None:
    """One person has one pseudonym, as a name and in any ARN; what stands around it stays."""
    assert list(names_in(text)) == names
    assert OURS.masked(text) == shape.format(*(OURS.of(name) for name in names))


@given(st.text(min_size=1))
def test_a_pseudonym_belongs_to_a_name_and_a_key(name: str) -> None:
    """The same name gives the same pseudonym whatever its case, and another with another key."""
    assert OURS.of(name) == Pseudonyms(b"a" * 32).of(name) == OURS.of(name.casefold())
    assert OURS.of(name) != OTHERS.of(name)
    assert OURS.of(name) != OURS.of(f"{name}.")


def test_values_of_every_type_are_masked() -> None:
    """Texts are masked in lists and rows too; what is no text stays."""
    assert OURS.masked_value(["ana", None]) == [OURS.of("ana"), None]
    assert OURS.masked_value(({"day": 1, "name": "ana"},)) == [{"day": 1, "name": OURS.of("ana")}]
    assert OURS.masked_value(7) == 7


def _files(folder: Path, *rows: str) -> Path:
    path = folder / "files.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return path


def test_other_logs_give_other_pseudonyms(tmp_path: Path) -> None:
    """The key is that of the log files' hashes: the same logs, the same pseudonyms; one byte more, others."""
    row = "a.json.gz,read,9,{},1,0,"
    first = pseudonyms_of(_files(tmp_path, row.format("1" * 64))).of("ana")
    assert pseudonyms_of(_files(tmp_path, row.format("1" * 64))).of("ana") == first
    assert pseudonyms_of(_files(tmp_path, row.format("2" * 64))).of("ana") != first
    assert pseudonyms_of(_files(tmp_path, "a.json.gz,read,9,,1,,etag")).of("ana") != first


def test_without_hashes_names_are_left_out(tmp_path: Path) -> None:
    """Where no log file gives a key, a pseudonym could be guessed, so there is none."""
    assert pseudonyms_of(_files(tmp_path)).of("ana") == MASK
    assert pseudonyms_of(_files(tmp_path, "a.json.gz,too_large,9,,0,0,")).of("ana") == MASK


def test_what_a_document_shows_does_not_give_a_pseudonym_away(tmp_path: Path) -> None:
    """Neither a hash of the name nor one keyed with the SHA-256 of the list of files is the pseudonym."""
    path = _files(tmp_path, f"a.json.gz,read,9,{'1' * 64},1,0,")
    shown = hashlib.sha256(path.read_bytes()).digest()
    pseudonym = pseudonyms_of(path).of("ana")
    assert pseudonym not in {Pseudonyms(key).of("ana") for key in (b"", shown, shown.hex().encode())}
    assert pseudonym == Pseudonyms(hmac.digest(b"comprova pseudonyms 1", path.read_bytes(), "sha256")).of("ana")


def test_the_table_gives_every_name_back(tmp_path: Path) -> None:
    """Each pseudonym stands beside each name as logged, in an order of its own; formulas are inert."""
    names = ["Ana", "ana", '=HYPERLINK("x")', '{"password":"x"}', "\ud800"]
    table = pseudonym_table(OURS, names, Secrets(("password",), ()))
    assert table == pseudonym_table(OURS, reversed(names), Secrets(("password",), ()))
    path = tmp_path / "pseudonyms.csv"
    path.write_bytes(table)
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted((row["name"], row["pseudonym"]) for row in csv.DictReader(file))
    assert rows == sorted(
        [
            ("Ana", OURS.of("ana")),
            ("ana", OURS.of("ana")),
            ('\'=HYPERLINK("x")', OURS.of('=HYPERLINK("x")')),
            (f'{{"password":"{MASK}"}}', OURS.of('{"password":"x"}')),
            ("\\ud800", OURS.of("\ud800")),
        ]
    )
