"""Finds the evidence of the period before, in the job's own output folder, and verifies it before it is used."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comprova.collect.recurrence import EarlierSide, Side
from comprova.errors import ComprovaError
from comprova.evidence.findings import Earlier, EarlierState
from comprova.evidence.layout import RunLayout
from comprova.evidence.manifest import sha256_file
from comprova.evidence.reader import open_evidence
from comprova.evidence.verifying import evidence_checks
from comprova.jobs.revisions import revision_numbers
from comprova.period import Period


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """The newest sealed revision of the period before; nothing of it has been read but its seal.

    Attributes:
        period: Label of the period before.
        revision: None where no revision is sealed.
        layout: Where it lies.
        seal: SHA-256 of its manifest; empty where none is sealed.
    """

    period: str
    revision: int | None = None
    layout: RunLayout | None = None
    seal: str = ""

    @property
    def name(self) -> str:
        """What the ledger says of it, once it was compared with."""
        return f"{self.period} r{self.revision} {self.seal}" if self.revision else f"{self.period} none"


def find_earlier(job_folder: Path, period: Period) -> EarlierRun:
    """Find the newest sealed evidence of the period before.

    Args:
        job_folder: Which holds a folder per period.
        period: The one that is run.
    """
    label = period.before.label
    for number in sorted(revision_numbers(job_folder / label), reverse=True):
        layout = RunLayout(job_folder / label / f"r{number}")
        if layout.evidence.manifest.is_file():
            return EarlierRun(label, number, layout, sha256_file(layout.evidence.manifest))
    return EarlierRun(label)


def read_earlier(run: EarlierRun) -> EarlierSide:
    """Verify the evidence of the period before, and return what it says.

    Evidence that does not verify is not used, and that is said with the first fault: what it holds may be what somebody
    wanted this period to be compared with.
    """
    if run.layout is None:
        return EarlierSide(Earlier(period=run.period, state=EarlierState.NONE), None, ())
    if (fault := next(_faults(run.layout), None)) is not None:
        damaged = Earlier(
            period=run.period, state=EarlierState.DAMAGED, revision=run.revision, seal=run.seal, fault=fault
        )
        return EarlierSide(damaged, None, ())
    evidence = open_evidence(run.layout.evidence.root)
    about = Earlier(period=run.period, state=EarlierState.COMPARED, revision=run.revision, seal=run.seal)
    side = Side(evidence.assessment.scope, evidence.assurance.cells, evidence.results, evidence.catalog)
    return EarlierSide(about, side, evidence.findings.findings, evidence.trend)


def name_of(about: Earlier) -> str:
    """Return what the ledger says of the evidence that findings were compared with.

    It differs from the name of the same evidence where that did not verify: once it does, it can be compared with.
    """
    if about.revision is None:
        return f"{about.period} none"
    damaged = " damaged" if about.state is EarlierState.DAMAGED else ""
    return f"{about.period} r{about.revision} {about.seal}{damaged}"


def _faults(layout: RunLayout) -> Iterator[str]:
    try:
        for check in evidence_checks(layout.evidence):
            yield from check.faults
    except ComprovaError as error:
        yield str(error)
