"""What one document is made from, besides the edition that it is about."""

from dataclasses import dataclass, field

from comprova.catalog.text import Language
from comprova.documents.definition import ReportDefinition
from comprova.documents.display import Display
from comprova.documents.masking import Masking
from comprova.evidence.reader import Evidence
from comprova.evidence.review import Review


@dataclass(frozen=True, slots=True)
class Rendition:
    """One rendering of evidence.

    Attributes:
        evidence: The sealed folder.
        definition: Which parts the document has, and how much of the rows.
        language: Of the words; values stay as logged.
        display: Through which all text goes.
        masking: What is shown of names of people.
        review: What people say of the findings.
    """

    evidence: Evidence
    definition: ReportDefinition
    language: Language
    display: Display
    masking: Masking
    review: Review = field(default_factory=Review)
