"""Writes what people say of findings into the review file beside the evidence, after what is there."""

from collections.abc import Collection, Mapping
from pathlib import Path

from comprova.catalog.toml_writer import Written, entry, with_entry
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import RunLayout
from comprova.evidence.review import check_review, find_review
from comprova.jobs.exclusive import one_writer


def add_to_review(run: RunLayout, table: str, values: Mapping[str, Written], findings: Collection[str]) -> Path:
    """Write an entry of the table `disposition` or `knowledge`, and return the file.

    Args:
        run: The run's folder, beside whose evidence the file lies.
        table: Of the file.
        values: Of the entry.
        findings: Names of the findings of the evidence.

    Raises:
        ContentError: The file or the entry is not as it should be; then nothing is written.
    """
    with one_writer(run.root):
        find_review(run.review, findings)
        text = run.review.read_bytes().decode() if run.review.is_file() else ""
        after = with_entry(text, entry(table, values))
        check_review(after, findings, run.review.name)
        write_whole(run.review, after.encode())
    return run.review
