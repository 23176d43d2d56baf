"""What people say of findings is read whole, or refused with the line and key of each fault."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from comprova.errors import ContentError
from comprova.evidence.manifest import sha256_file
from comprova.evidence.review import Review, find_review
from content_builder import changed, line

FINDING = "4t0hq-m2r8c"
TEXT = f"""# The committee met on 5 November.

[[disposition]]
finding = "{FINDING}"
text    = "The drill of 12 October; see the ticket."
by      = "Ana Lima"
on      = 2026-11-05

[[knowledge]]
incident    = "Customer files made public"
findings    = ["{FINDING}"]
aware_at    = 2026-11-03T14:20:00-03:00
declared_by = "Rui Melo"
declared_on = 2026-11-04
"""


def written(folder: Path, text: str | bytes) -> Path:
    """Write a review and return its path."""
    path = folder / "review.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_whole_review(tmp_path: Path) -> None:
    """Words, names, days and the moment are those of the file, whose hash is kept; names may be typed otherwise."""
    path = written(tmp_path, TEXT.replace(f'= "{FINDING}"', '= "4TOHQM2R8C"'))
    review = find_review(path, {FINDING})
    assert review.sha256 == sha256_file(path)
    [disposition], [knowledge] = review.dispositions, review.knowledge
    assert (disposition.finding, disposition.by) == (FINDING, "Ana Lima")
    assert knowledge.aware_at == datetime(2026, 11, 3, 17, 20, tzinfo=UTC)
    assert knowledge.findings == (FINDING,)


def test_nobody_has_said_anything(tmp_path: Path) -> None:
    """No file is no review; an empty file is one, with a hash."""
    assert find_review(tmp_path / "review.toml", {FINDING}) == Review()
    assert find_review(written(tmp_path, ""), {FINDING}).sha256


@pytest.mark.parametrize(
    ("old", "new", "at", "expected"),
    [
        (f'finding = "{FINDING}"', 'finding = "00000-00000"', "finding =", "findings of this evidence"),
        (f'["{FINDING}"]', f'["{FINDING}", "00000-00000"]', "findings ", "findings of this evidence"),
        (f'["{FINDING}"]', "[]", "findings ", "a list of 1 or more"),
        ("-03:00", "", "aware_at", "a moment with its offset"),
        ("2026-11-03T14:20:00-03:00", "2026-11-03", "aware_at", "a date and time"),
        ("2026-11-04", "2026-11-02", "declared_on", "2026-11-03, the day of `aware_at`, or later"),
        ("text    = ", "note = ", "note", "only known keys"),
        ('"The drill of 12 October; see the ticket."', '" "', "text", "text that is not empty"),
        ('by      = "Ana Lima"\n', "", "[[disposition]]", "the key `disposition.0.by`"),
        ('declared_by = "Rui Melo"\n', "", "[[knowledge]]", "the key `knowledge.0.declared_by`"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, old: str, new: str, at: str, expected: str) -> None:
    """A half-filled entry, or one of a finding that is not there, renders nothing."""
    text = changed({"file": TEXT}, "file", old, new)["file"]
    with pytest.raises(ContentError) as raised:
        find_review(written(tmp_path, text), {FINDING})
    places = [(problem.where, problem.expected) for problem in raised.value.problems]
    assert any(where == f"review.toml:{line(text, at)}" and expected in said for where, said in places), places


@pytest.mark.parametrize(("data", "expected"), [(b"\xff", "UTF-8"), (b"#" * 1_000_001, "at most 1,000,000 bytes")])
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, expected: str) -> None:
    """Before any of it is parsed."""
    with pytest.raises(ContentError, match=expected):
        find_review(written(tmp_path, data), {FINDING})
