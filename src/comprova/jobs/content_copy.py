"""Copies into the evidence all content that a run used, so that rendering needs nothing else."""

from collections.abc import Iterator, Mapping

from comprova.content import ContentRoot
from comprova.evidence.canonical import write_whole
from comprova.evidence.layout import EvidenceLayout
from comprova.evidence.reader import PROJECT, content_roots
from comprova.jobs.definition import JobFile, find_job
from comprova.jobs.preparation import Prepared, ReportFile, find_report

_COPIED = frozenset({".sql", ".toml", ".lock"})


def content_of(prepared: Prepared) -> dict[str, bytes]:
    """Return the queries, packs, parameters, editions in use, job, acceptances and report of a run, by name.

    Frameworks that the run was not asked for are left out: they would claim queries that nobody ran. Of those that it
    was asked for every edition is kept, for they show why one was chosen. Templates are left out too: how a document
    looks is no part of the evidence, which may be rendered again years later with others.
    """
    asked = {framework.id for framework in prepared.frameworks}
    keys = {key for key, framework in prepared.catalog.frameworks.items() if framework.id in asked}
    report = prepared.report
    return {
        f"jobs/{prepared.job.job.id}.toml": prepared.job.text.encode(),
        **(
            {f"jobs/{prepared.job.job.acceptances}": prepared.acceptances.text.encode()}
            if prepared.job.job.acceptances
            else {}
        ),
        f"reports/{report.definition.id}.toml": report.text.encode(),
        **{name: data for root in prepared.roots for name, data in _queries(root, keys)},
    }


def _queries(root: ContentRoot, keys: set[str]) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.folder("queries").rglob("*")):
        unused = path.parent.name == "frameworks" and path.stem not in keys
        if path.is_file() and path.suffix in _COPIED and not unused:
            name = root.relative(path)
            yield name if root.builtin else f"{PROJECT}/{name}", path.read_bytes()


def copy_content(content: Mapping[str, bytes], layout: EvidenceLayout) -> None:
    """Write the content of a run into its evidence."""
    for name, data in content.items():
        write_whole(layout.content / name, data)


def copied_job(layout: EvidenceLayout, job_id: str) -> JobFile:
    """Read the job from the evidence of its run.

    Raises:
        ContentError: It is not there, or not as it should be.
    """
    return find_job(str(layout.content / "jobs" / f"{job_id}.toml"), content_roots(layout))


def copied_report(layout: EvidenceLayout, job: JobFile) -> ReportFile:
    """Read the report definition that a job names, by name or by path, from the evidence of its run.

    Raises:
        ContentError: It is not there, or not as it should be.
    """
    name = job.job.report.rpartition("/")[2].removesuffix(".toml")
    return find_report(str(layout.content / "reports" / f"{name}.toml"), content_roots(layout))
