"""Where everything lies in the folder of one run."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class EvidenceLayout:
    """The sealed folder.

    `content/` is itself a content root (`queries/`, `reports/`, `jobs/`), so the readers of content read it too.
    """

    root: Path

    @property
    def content(self) -> Path:
        """Blocks, editions, report and job definitions, parameters: all that rendering needs."""
        return self.root / "content"

    @property
    def manifest(self) -> Path:
        """SHA-256 of every other file, in the syntax of sha256sum; its presence is the seal."""
        return self.root / "manifest-sha256.txt"

    @property
    def assessment(self) -> Path:
        """What the run says of every query and requirement."""
        return self.root / "assessment.json"

    @property
    def assurance(self) -> Path:
        """What is known of the trail, cell by cell."""
        return self.root / "assurance.json"

    @property
    def totals(self) -> Path:
        """The control totals."""
        return self.root / "totals.json"

    @property
    def trend(self) -> Path:
        """What each period said, this one last."""
        return self.root / "trend.json"

    @property
    def findings(self) -> Path:
        """Each finding by name, what the month before said of it, and which acceptances cover it."""
        return self.root / "findings.json"

    @property
    def calendar(self) -> Path:
        """The job's days off."""
        return self.root / "calendar.json"

    @property
    def cost(self) -> Path:
        """What its statements scanned and cost; only an engine that bills has one."""
        return self.root / "cost.json"

    @property
    def provenance(self) -> Path:
        """Which executions its answers come from; only an engine that remembers them has one."""
        return self.root / "provenance.json"

    @property
    def files(self) -> Path:
        """Every log file with its state, records, and SHA-256 or S3's ETag."""
        return self.root / "files.csv"

    @property
    def changes(self) -> Path:
        """What the revision before did not say; only a revised run has one."""
        return self.root / "changes.json"

    def row_changes(self, query_id: str) -> Path:
        """Rows that came, went or changed since the revision before, by grain; only where there are any."""
        return self.root / "changes" / f"{query_id}.csv"

    @property
    def pseudonyms(self) -> Path:
        """Whom each pseudonym of a masked document stands for."""
        return self.root / "pseudonyms.csv"

    def statement(self, query_id: str) -> Path:
        """The statement as sent."""
        return self.root / "sql" / f"{query_id}.sql"

    def translation(self, query_id: str) -> Path:
        """What the embedded engine was given in its place."""
        return self.root / "sql" / f"{query_id}.duckdb.sql"

    def parquet(self, query_id: str) -> Path:
        """Exact rows."""
        return self.root / "results" / f"{query_id}.parquet"

    def csv(self, query_id: str) -> Path:
        """The same rows, safe to open in a spreadsheet."""
        return self.root / "results" / f"{query_id}.csv"


@dataclass(frozen=True, slots=True)
class RunLayout:
    """The folder of one revision of one run."""

    root: Path

    @property
    def ledger(self) -> Path:
        """Attempts, times, cost and status; not sealed, it names the seal."""
        return self.root / "run.json"

    @property
    def evidence(self) -> EvidenceLayout:
        """The evidence folder."""
        return EvidenceLayout(self.root / "evidence")

    @property
    def review(self) -> Path:
        """What people say of the findings; not sealed."""
        return self.root / "review.toml"

    @property
    def documents(self) -> Path:
        """What was rendered from the evidence."""
        return self.root / "documents"

    def documents_of(self, report: str) -> Path:
        """What was rendered from the evidence later, as another report than the job's own."""
        return self.root / f"documents-{report}"

    @property
    def work(self) -> Path:
        """What the engine writes while it runs; gone once the evidence is sealed."""
        return self.root / "work"
