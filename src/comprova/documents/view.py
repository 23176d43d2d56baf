"""All that a document says, computed from the evidence before any template is opened."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from comprova.catalog.framework import Framework
from comprova.catalog.text import Language, untranslated
from comprova.documents.acceptances import AcceptanceLine, acceptance_lines
from comprova.documents.attachments import Attachments, choose_attachments
from comprova.documents.attention import Attention, attention
from comprova.documents.coverage import Coverage, coverage
from comprova.documents.definition import ReportDefinition, Section
from comprova.documents.logged import Logged, logged
from comprova.documents.questions import EvidenceFile, QueryView, query_views, requirement_anchors
from comprova.documents.recurrence import RecurrenceView, recurrence_view
from comprova.documents.rendition import Rendition
from comprova.documents.requirements import Group, RequirementView, grouped, requirement_views
from comprova.documents.review import ReviewView, review_view
from comprova.documents.timeline import Timeline, timeline
from comprova.documents.trail_files import UnreadFiles, unread_files
from comprova.documents.trend import TrendView, trend_view
from comprova.errors import ComprovaError, ContentError, Problem
from comprova.evidence.calendar import BusinessCalendar
from comprova.evidence.changes import RevisionChanges
from comprova.evidence.cost import Cost
from comprova.evidence.manifest import read_manifest
from comprova.evidence.model import AssuranceReport, FrameworkResult, Scope, Totals
from comprova.evidence.outcomes import WORST_FIRST, Outcome, Standing
from comprova.evidence.reader import Evidence

_REPORT_ID_LENGTH = 12
_MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document's content, in no language yet but for the rows.

    Attributes:
        definition: What the document contains.
        framework: The edition.
        said: What the run says of it, and why it was used.
        scope: What the run was to look at.
        assurance: What is known of the trail.
        totals: The control totals.
        cost: What the statements scanned and cost; None of an engine that does not bill.
        report_id: The beginning of the seal.
        document_id: Names this document among those of the evidence: period, edition, language and the report's id.
        seal: SHA-256 of the evidence's manifest.
        sealed_at: When the evidence was sealed, where that is known.
        modified_templates: Whether the looks are not comprova's own.
        recurrence: Findings beside those of the period before.
        trend: Findings period by period.
        acceptances: Recorded decisions about findings, and what became of each.
        review: What people say of findings.
        calendar: The job's days off.
        questions: The queries that bear on the edition.
        requirements: Every requirement, in the edition's order.
        attention: What needs attention.
        timeline: Events and findings along the period.
        coverage: What was logged where and when.
        unread: Log files that were not read whole.
        files: The evidence that this document is made of beside the files of its questions, with hashes.
        other_files: How many files of the evidence it is not made of.
        logged: What was logged, cell by cell.
        changes: What the revision before did not say; None of a first revision.
        views: Versions of `activity` and `deliveries` that the queries read.
        layer: Version of the translation layer; empty on Athena.
        attachments: The evidence inside the PDF.
    """

    definition: ReportDefinition
    framework: Framework
    said: FrameworkResult
    scope: Scope
    assurance: AssuranceReport
    totals: Totals
    cost: Cost | None
    report_id: str
    document_id: str
    seal: str
    sealed_at: datetime | None
    modified_templates: bool
    recurrence: RecurrenceView
    trend: TrendView
    acceptances: tuple[AcceptanceLine, ...]
    review: ReviewView
    calendar: BusinessCalendar
    questions: tuple[QueryView, ...]
    requirements: tuple[RequirementView, ...]
    attention: Attention
    timeline: Timeline
    coverage: Coverage
    unread: UnreadFiles
    files: tuple[EvidenceFile, ...]
    other_files: int
    logged: Logged
    changes: RevisionChanges | None
    views: tuple[str, ...]
    layer: str
    attachments: Attachments

    @property
    def parts(self) -> tuple[Section, ...]:
        """The parts that this document has, in order."""
        return tuple(part for part in self.definition.section if part is not Section.CHANGES or self.changes)

    @property
    def matrix(self) -> tuple[Group, ...]:
        """Every requirement, under its heading."""
        return grouped(self.framework, self.requirements, lambda _: True)

    @property
    def with_queries(self) -> tuple[Group, ...]:
        """The requirements that have queries."""
        return grouped(self.framework, self.requirements, lambda view: bool(view.lines))

    def unasked(self, standing: Standing) -> tuple[Group, ...]:
        """Return the requirements of one standing that have no query at all, under their headings."""
        return grouped(
            self.framework, self.requirements, lambda view: view.result.standing is standing and not view.lines
        )

    def untranslated(self, language: Language) -> int:
        """Return how many texts of the edition and its questions stand in English for want of a translation."""
        return untranslated((self.framework, *(view.query.block for view in self.questions)), language)

    @property
    def judged(self) -> int:
        """How many requirements have an outcome of their own."""
        return sum(1 for view in self.requirements if view.judged)

    @property
    def supported(self) -> int:
        """How many requirements have queries, and no outcome of their own."""
        return sum(1 for view in self.requirements if view.lines and not view.judged)

    @property
    def outcomes(self) -> Mapping[Outcome, int]:
        """How many queries of the edition have each outcome, worst first."""
        found = [view.result.outcome for view in self.questions]
        return {outcome: found.count(outcome) for outcome in WORST_FIRST}

    @property
    def findings(self) -> int:
        """Of the edition's exception queries, those that no acceptance covers."""
        return sum(view.findings or 0 for view in self.questions)


def build_view(
    rendition: Rendition, framework_key: str, sealed_at: datetime | None, *, modified_templates: bool
) -> DocumentView:
    """Compute what a document says.

    Args:
        rendition: The evidence, and how it is shown.
        framework_key: The edition.
        sealed_at: When the evidence was sealed, where that is known.
        modified_templates: Whether the looks are not comprova's own.

    Raises:
        ComprovaError: The evidence says nothing of the edition, or its manifest cannot be read.
    """
    evidence = rendition.evidence
    framework, said = _edition(evidence, framework_key)
    seal = hashlib.sha256(evidence.layout.manifest.read_bytes()).hexdigest()
    try:
        hashes = read_manifest(evidence.layout.manifest)
    except ValueError as error:
        where = evidence.layout.manifest.name
        raise ComprovaError(Problem(where, "lines of sha256sum", str(error), "Verify the evidence.")) from error
    anchors = requirement_anchors(framework.requirement)
    questions = query_views(rendition, said, anchors, hashes)
    files = _shared_files(rendition, hashes)
    return DocumentView(
        definition=rendition.definition,
        framework=framework,
        said=said,
        scope=evidence.assessment.scope,
        assurance=evidence.assurance,
        totals=evidence.totals,
        cost=evidence.cost,
        report_id=seal[:_REPORT_ID_LENGTH],
        document_id=_document_id(evidence, framework_key, rendition.language, seal),
        seal=seal,
        sealed_at=sealed_at,
        modified_templates=modified_templates,
        recurrence=recurrence_view(rendition, questions),
        trend=trend_view(evidence.trend, questions),
        acceptances=acceptance_lines(rendition, questions),
        review=review_view(rendition, framework.id, questions),
        calendar=evidence.calendar,
        questions=questions,
        requirements=requirement_views(framework, said, anchors, {view.query.id: view for view in questions}),
        attention=attention(questions, rendition.language, rendition.definition.attention_items),
        timeline=timeline(evidence, questions),
        coverage=coverage(evidence),
        unread=unread_files(evidence, _MOST_FILES),
        files=files,
        other_files=len(hashes) - len(files) - sum(len(view.files) for view in questions),
        logged=logged(evidence),
        changes=evidence.changes,
        views=tuple(sorted({name for view in questions for name in (view.result.activity, view.result.deliveries)})),
        layer=next((view.result.layer for view in questions if view.result.layer), ""),
        attachments=_attachments(rendition, questions),
    )


def _document_id(evidence: Evidence, framework_key: str, language: Language, seal: str) -> str:
    return f"{evidence.assessment.scope.period}_{framework_key}_{language}-{seal[:_REPORT_ID_LENGTH]}"


def _edition(evidence: Evidence, key: str) -> tuple[Framework, FrameworkResult]:
    said = {f"{one.id}-{one.edition}": one for one in evidence.assessment.frameworks}
    if key not in said:
        raise ContentError(Problem("framework", f"one that the run assessed: {', '.join(sorted(said))}", repr(key)))
    return evidence.catalog.edition(key), said[key]


def _attachments(rendition: Rendition, questions: tuple[QueryView, ...]) -> Attachments:
    """Choose what the PDF carries: nothing where names are masked, for all of it names people."""
    if rendition.masking.pseudonyms is not None:
        return Attachments((), (), 0)
    return choose_attachments(
        rendition.evidence.layout,
        [view.query.id for view in questions],
        rendition.definition.attached_megabytes,
        secret={view.query.id for view in questions if view.result.secrets},
    )


def _shared_files(rendition: Rendition, hashes: Mapping[str, str]) -> tuple[EvidenceFile, ...]:
    layout = rendition.evidence.layout
    said = (layout.assessment, layout.findings, layout.trend, layout.assurance, layout.totals)
    beside = (layout.calendar, layout.cost, layout.changes, layout.files, layout.pseudonyms)
    names = [path.relative_to(layout.root).as_posix() for path in (*said, *beside)]
    return tuple(EvidenceFile(name, rendition.masking.hash(hashes[name])) for name in names if name in hashes)
