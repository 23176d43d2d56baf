"""A masked document: names are replaced wherever they could stand, and nothing in it lets a guess be tried."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from comprova.catalog.text import Language
from comprova.documents.definition import Personal, ReportDefinition, read_report
from comprova.documents.display import Display
from comprova.documents.masking import Masking, masking_of
from comprova.documents.render import Rendered, render
from comprova.evidence.manifest import read_manifest, sha256_file
from comprova.evidence.outcomes import ReasonCode
from comprova.evidence.pseudonyms import Pseudonyms, pseudonyms_of
from comprova.evidence.reader import Evidence
from comprova.evidence.review import Disposition, Knowledge, Review
from comprova.evidence.secrets import MASK
from evidence_factory import FRAMEWORK, HOSTILE
from languages import ENGLISH, LANGUAGES

HOSTILE_NAMES, ROOT_USE, BROKEN = "trail.hostile_names", "trail.root_use", "trail.broken"
_SPACE = re.compile(r"\s")

Texts = Mapping[Language, tuple[str, str]]
"""The page and the paper of a document in each language."""


@pytest.fixture(scope="module")
def definition(monthly: ReportDefinition) -> ReportDefinition:
    """Give the monthly report with personal data masked, and more rows."""
    return monthly.model_copy(update={"personal": Personal.MASKED, "finding_rows": 60, "extract_rows": 60})


@pytest.fixture(scope="module")
def masked(evidence: Evidence, definition: ReportDefinition, templates: Path) -> Mapping[Language, Rendered]:
    """Give the masked report in both languages."""
    return {language: render(evidence, FRAMEWORK, language, definition, templates, None) for language in LANGUAGES}


@pytest.fixture(scope="module")
def masking(evidence: Evidence) -> Masking:
    """Give what that report shows of names."""
    return masking_of(evidence, Personal.MASKED)


@pytest.fixture(scope="module")
def texts(masked: Mapping[Language, Rendered]) -> Texts:
    """Give all that a reader could get from both files, without white space: the page's source, the PDF's text."""
    return {language: _texts_of(rendered) for language, rendered in masked.items()}


def _texts_of(rendered: Rendered) -> tuple[str, str]:
    assert rendered.html is not None
    assert rendered.pdf is not None
    reader = PdfReader(BytesIO(rendered.pdf))
    paper = "".join(page.extract_text() for page in reader.pages) + str(reader.metadata) + str(reader.outline)
    return _SPACE.sub("", rendered.html.decode()), _SPACE.sub("", paper)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_is_in_it(texts: Texts, display: Display, language: Language) -> None:
    """No value of a personal column is in the page or on paper, in its visible form or any other."""
    # The first of these is in the name of a log file too, which stays readable.
    long_enough = [text for text in HOSTILE[1:] if len(text) >= len("<plaintext>")]
    for found in texts[language]:
        shown = [text for text in long_enough if _SPACE.sub("", display.value(text)) in found]
        assert shown == []
        assert "ConsoleLogin" not in found
        assert _SPACE.sub("", "assumed-role/Administrator/Cons") not in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_finding_can_be_found_by_its_subject(texts: Texts, evidence: Evidence, language: Language) -> None:
    """The names of findings are hashes of subjects, so they are masked too, as are those who accepted one."""
    report = evidence.findings
    ids = {one.id for one in report.findings} | {one.id for one in report.absent}
    people = {use.approver for use in report.acceptances} | {use.preparer for use in report.acceptances}
    for found in texts[language]:
        assert [name for name in sorted(ids | people) if _SPACE.sub("", name) in found] == []
    assert any(pseudonyms_of(evidence.layout.files).of(name) in found for name in ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_pseudonyms_that_the_evidence_resolves(
    texts: Texts, evidence: Evidence, monthly: ReportDefinition, language: Language
) -> None:
    """Every row shows the pseudonym of its name, the same in both files and languages; roles stay readable."""
    pseudonyms = pseudonyms_of(evidence.layout.files)
    names = [str(row["text"]) for row in evidence.rows(ROOT_USE)]
    page, paper = texts[language]
    assert [name for name in names[: monthly.screen_rows] if pseudonyms.of(name) not in page] == []
    assert pseudonyms.of(names[0]) in paper
    assert f"assumed-role/Administrator/{pseudonyms.of(names[1][:20])}" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_parameters_and_statements_name_nobody(texts: Texts, evidence: Evidence, language: Language) -> None:
    """What a job binds is masked beside the question and inside the statement; the rest of the SQL stays."""
    pseudonym = pseudonyms_of(evidence.layout.files).of("admin")
    page, paper = texts[language]
    assert re.search(rf"approved_roles=\[P-\w{{10}},{pseudonym}\]", page)
    assert f"actor=&#39;{pseudonym}&#39;" in page
    assert "text=&#39;&lt;/pre&gt;&lt;b&gt;&#39;" in page
    assert "'admin'" not in paper
    assert "&#39;admin&#39;" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_evidence_is_attached(masked: Mapping[Language, Rendered], language: Language) -> None:
    """What a PDF could carry names people, so the masked one carries nothing, whatever its definition allows."""
    data = masked[language].pdf
    assert data is not None
    assert list(PdfReader(BytesIO(data)).attachments) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_no_hash_in_which_a_name_could_be_tried(texts: Texts, evidence: Evidence, language: Language) -> None:
    """Files are named without their SHA-256; only the seal is printed, which covers what no reader has."""
    hashes = set(read_manifest(evidence.layout.manifest).values())
    seal = sha256_file(evidence.layout.manifest)
    for found in texts[language]:
        assert [one for one in hashes if one in found] == []
        assert seal in found


def test_what_an_engine_said_is_left_out(texts: Texts, evidence: Evidence) -> None:
    """An engine may quote a cell in its message, so the message stands in the evidence only."""
    reason = next(one for one in evidence.results[BROKEN].reasons if one.code is ReasonCode.ENGINE)
    said = str(reason.facts["message"])
    for found in texts[ENGLISH]:
        assert said[:10] not in found
        assert _SPACE.sub("", f"The engine said: {MASK}") in found


def test_findings_are_named_without_their_subject(masking: Masking, evidence: Evidence) -> None:
    """The subject of a finding, its id, which is a hash of it, and who accepted it are masked as well."""
    pseudonyms = masking.pseudonyms
    assert pseudonyms is not None
    exact, shown = evidence.findings, masking.findings(evidence.findings)
    assert exact.findings
    assert exact.absent
    assert exact.acceptances
    assert [one.id for one in shown.findings] == [pseudonyms.of(one.id) for one in exact.findings]
    assert [one.id for one in shown.absent] == [pseudonyms.of(one.id) for one in exact.absent]
    assert [one.subject for one in shown.findings] == [
        {"text": pseudonyms.masked_value(one.subject["text"])} for one in exact.findings
    ]
    for use, logged in zip(shown.acceptances, exact.acceptances, strict=True):
        people = (pseudonyms.masked(logged.approver), pseudonyms.masked(logged.preparer))
        assert (use.approver, use.preparer, use.reason) == (*people, MASK)
        assert (use.finding, use.ticket, use.state) == (pseudonyms.of(logged.finding), logged.ticket, logged.state)


def test_a_query_that_is_gone_leaves_its_findings_nameless(masking: Masking, evidence: Evidence) -> None:
    """Of a finding of the period before whose query is not asked any more, every value is masked."""
    gone = evidence.findings.absent[0].model_copy(update={"query": "trail.gone", "subject": {"region": "ana"}})
    (shown,) = masking.findings(evidence.findings.model_copy(update={"absent": (gone,)})).absent
    assert masking.pseudonyms is not None
    assert shown.subject == {"region": masking.pseudonyms.of("ana")}


def test_what_people_say_of_findings_is_left_out(masking: Masking) -> None:
    """The review is not sealed, so neither who speaks nor what they write can have a pseudonym."""
    day = date(2026, 11, 3)
    said = Disposition(finding="00000-00000", text="Ana did it.", by="Bia", on=day)
    known = Knowledge(
        incident="Ana's key",
        findings=("00000-00000",),
        aware_at=datetime(2026, 11, 3, tzinfo=UTC),
        declared_by="Bia",
        declared_on=day,
    )
    shown = masking.review(Review((said,), (known,), "ab"))
    assert masking.pseudonyms is not None
    name = masking.pseudonyms.of("00000-00000")
    assert (shown.dispositions[0].finding, shown.dispositions[0].text, shown.dispositions[0].by) == (name, MASK, MASK)
    assert (shown.knowledge[0].incident, shown.knowledge[0].findings, shown.knowledge[0].declared_by) == (
        MASK,
        (name,),
        MASK,
    )
    assert shown.sha256 == "ab"


def test_a_document_that_shows_names_shows_all_of_it(evidence: Evidence) -> None:
    """Without masking everything is as the evidence has it."""
    shown = masking_of(evidence, Personal.SHOWN)
    query = next(one for one in evidence.catalog.current if one.id == ROOT_USE)
    result = evidence.results[BROKEN]
    assert shown.cell(query.block.column[1], "ana") == "ana"
    assert shown.result(result) is result
    assert shown.statement("SELECT 'admin'", result) == "SELECT 'admin'"
    assert (shown.hash("ab"), shown.finding("ab")) == ("ab", "ab")
    assert shown.findings(evidence.findings) is evidence.findings
    review = Review()
    assert shown.review(review) is review


@given(st.text(alphabet="a'-/*\"\n ", min_size=1), st.text(alphabet="b'\n-/*", max_size=8))
def test_a_name_is_found_in_any_statement(evidence: Evidence, name: str, other: str) -> None:
    """A literal is masked whatever it holds and whatever stands around it: quotation marks, comments, line ends."""
    pseudonyms = Pseudonyms(b"k" * 32)
    masking = Masking(evidence, pseudonyms)
    result = evidence.results[ROOT_USE].model_copy(update={"parameters": {"approved_roles": [name]}})

    def statement(one: str) -> str:
        literals = [text.replace("'", "''") for text in (other, one, other)]
        return "SELECT '{}', \"it's\" /* it's */ -- it's\nFROM x WHERE a = '{}' AND b = '{}'\n".format(*literals)

    expected = statement(pseudonyms.masked(name))
    if other == name:
        expected = expected.replace(f"'{other.replace(chr(39), chr(39) * 2)}'", f"'{pseudonyms.masked(name)}'")
    assert masking.statement(statement(name), result) == expected


def test_the_shipped_masked_report_is_the_monthly_one(monthly: ReportDefinition, templates: Path) -> None:
    """It differs in what it is called, for whom it is, and that people are masked."""
    text = (templates.parent / "reports" / "monthly-masked.toml").read_text(encoding="utf-8")
    shipped = read_report(text, "monthly-masked.toml")
    assert isinstance(shipped, ReportDefinition)
    assert shipped.personal is Personal.MASKED
    own = ("id", "title", "audience", "personal", "attached_megabytes")
    differing = (*own, "finding_rows", "screen_rows", "screen_sql_lines")  # the fixture has fewer of the latter
    assert shipped.model_copy(update={name: getattr(monthly, name) for name in differing}) == monthly
