"""What a document shows of personal data: names as logged, or pseudonyms in every place where names could stand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from comprova.catalog.query import Column
from comprova.documents.definition import Personal
from comprova.evidence.findings import EarlierFinding, Finding, FindingsReport
from comprova.evidence.model import QueryResult, Reason
from comprova.evidence.outcomes import ReasonCode
from comprova.evidence.pseudonyms import Pseudonyms, names_in, pseudonyms_of
from comprova.evidence.reader import Evidence
from comprova.evidence.review import Review
from comprova.evidence.secrets import MASK
from comprova.evidence.subject import Subject

FoundT = TypeVar("FoundT", Finding, EarlierFinding)

_LITERAL = re.compile(r"--[^\n]*|/\*.*?\*/|\"(?:[^\"]|\"\")*\"|'(?P<text>(?:[^']|'')*)'", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Masking:
    """The names of one evidence folder, as a document shows them.

    Attributes:
        evidence: The folder.
        pseudonyms: Of its names; None where the document shows them as logged.
    """

    evidence: Evidence
    pseudonyms: Pseudonyms | None

    def cell(self, column: Column, value: object) -> object:
        """Return the value of a result's column."""
        return self.pseudonyms.masked_value(value) if self.pseudonyms and column.personal else value

    def finding(self, finding_id: str) -> str:
        """Return the name of a finding. It is a hash of its subject, with which a guessed subject could be tried."""
        return self.pseudonyms.of(finding_id) if self.pseudonyms else finding_id

    def findings(self, report: FindingsReport) -> FindingsReport:
        """Return what is said of findings, without names in subjects and acceptances, and without free text.

        The ids of acceptances are chosen by people, who often take the finding's name.
        """
        pseudonyms = self.pseudonyms
        if pseudonyms is None:
            return report
        acceptances = [
            one.model_copy(
                update={
                    "id": pseudonyms.of(one.id),
                    "finding": self.finding(one.finding),
                    "subject": self._subject(one.query, one.subject),
                    "approver": pseudonyms.masked(one.approver),
                    "preparer": pseudonyms.masked(one.preparer),
                    "reason": MASK,
                }
            )
            for one in report.acceptances
        ]
        findings = [
            self._named(one).model_copy(
                update={
                    "acceptances": tuple(pseudonyms.of(name) for name in one.acceptances),
                    "expired": tuple(pseudonyms.of(name) for name in one.expired),
                }
            )
            for one in report.findings
        ]
        return report.model_copy(
            update={
                "findings": tuple(findings),
                "absent": tuple(self._named(one) for one in report.absent),
                "acceptances": tuple(acceptances),
            }
        )

    def review(self, review: Review) -> Review:
        """Return what people say of findings, without who they are and without their free text.

        The review is not sealed, so no table of the evidence could give their names back.
        """
        if self.pseudonyms is None:
            return review
        dispositions = [
            one.model_copy(update={"finding": self.finding(one.finding), "text": MASK, "by": MASK})
            for one in review.dispositions
        ]
        knowledge = [
            one.model_copy(
                update={
                    "incident": MASK,
                    "findings": tuple(self.finding(name) for name in one.findings),
                    "declared_by": MASK,
                }
            )
            for one in review.knowledge
        ]
        return Review(tuple(dispositions), tuple(knowledge), review.sha256)

    def result(self, result: QueryResult) -> QueryResult:
        """Return what the run says of a query, without names in its parameters and in what the engine said."""
        if self.pseudonyms is None:
            return result
        parameters = {
            name: self.pseudonyms.masked_value(value) if self._is_personal(name) else value
            for name, value in result.parameters.items()
        }
        reasons = tuple(_without_message(reason) for reason in result.reasons)
        return result.model_copy(update={"parameters": parameters, "reasons": reasons})

    def statement(self, text: str, result: QueryResult) -> str:
        """Return a statement without the names that its parameters put there.

        Args:
            text: As sent.
            result: As the evidence says it, with the values that were bound.
        """
        pseudonyms = self.pseudonyms
        if pseudonyms is None:
            return text
        bound = [value for name, value in result.parameters.items() if self._is_personal(name)]
        naming = {leaf for value in bound for leaf in _texts(value) if any(names_in(leaf))}

        def shown(literal: re.Match[str]) -> str:
            value = (literal["text"] or "").replace("''", "'")
            if value not in naming:
                return literal[0]
            masked = pseudonyms.masked(value).replace("'", "''")
            return f"'{masked}'"

        return _LITERAL.sub(shown, text)

    def _named(self, finding: FoundT) -> FoundT:
        subject = self._subject(finding.query, finding.subject)
        return finding.model_copy(update={"id": self.finding(finding.id), "subject": subject})

    def _subject(self, query_id: str, subject: Subject) -> Mapping[str, object]:
        """Return the values that name a finding; all of them masked where the query is not known any more."""
        query = next((query for query in self.evidence.catalog.current if query.id == query_id), None)
        shown = {column.name for column in query.block.column if not column.personal} if query else set()
        pseudonyms = self.pseudonyms
        return {
            name: value if pseudonyms is None or name in shown else pseudonyms.masked_value(value)
            for name, value in subject.items()
        }

    def hash(self, sha256: str) -> str:
        """Return the hash of a file of the evidence, or nothing: with it, a guessed name could be tried in the file."""
        return "" if self.pseudonyms else sha256

    def _is_personal(self, name: str) -> bool:
        parameter = self.evidence.catalog.parameters.get(name)
        return parameter is None or parameter.personal


def masking_of(evidence: Evidence, personal: Personal) -> Masking:
    """Return how a document shows the names of an evidence folder."""
    masked = personal is Personal.MASKED
    return Masking(evidence, pseudonyms_of(evidence.layout.files) if masked else None)


def _texts(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case list() | tuple():
            return [text for item in value for text in _texts(item)]
        case dict():
            return [text for item in value.values() for text in _texts(item)]
        case _:
            return []


def _without_message(reason: Reason) -> Reason:
    """Leave out what the engine said, which may quote a cell; the evidence has it."""
    return reason.model_copy(update={"facts": {"message": MASK}}) if reason.code is ReasonCode.ENGINE else reason
