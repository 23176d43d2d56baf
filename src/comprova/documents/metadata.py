"""What the PDF says of itself in XMP: both standards that it follows."""

from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from weasyprint.document import DocumentMetadata

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC = "http://purl.org/dc/elements/1.1/"
_PDFUAID = "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_PREFIXES = {"pdfuaid": _PDFUAID, "pdfaExtension": _EXTENSION, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY}


class BothStandards(DocumentMetadata):  # type: ignore[misc]
    """Metadata that identifies a file as PDF/A and as PDF/UA-1: WeasyPrint writes one of them.

    PDF/A knows no property of PDF/UA, so the file describes it itself (ISO 19005-3, 6.6.2.3).
    """

    def generate_rdf_metadata(self, variant: str, version: int, conformance: str | None) -> bytes:
        """Return the RDF of WeasyPrint with the language, PDF/UA's part, and the description of that property."""
        for prefix, namespace in _PREFIXES.items():
            register_namespace(prefix, namespace)
        rdf = fromstring(super().generate_rdf_metadata(variant, version, conformance))  # noqa: S314 - written just now
        language = SubElement(_description(rdf), f"{{{_DC}}}language")
        SubElement(SubElement(language, f"{{{_RDF}}}Bag"), f"{{{_RDF}}}li").text = self.lang
        SubElement(_description(rdf), f"{{{_PDFUAID}}}part").text = "1"
        _describe_part(_description(rdf))
        written: bytes = tostring(rdf, encoding="utf-8")
        return written


def _description(rdf: Element) -> Element:
    return SubElement(rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})


def _describe_part(description: Element) -> None:
    schema = _resource(_member(SubElement(description, f"{{{_EXTENSION}}}schemas"), "Bag"))
    for name, text in (("schema", "PDF/UA identification"), ("namespaceURI", _PDFUAID), ("prefix", "pdfuaid")):
        SubElement(schema, f"{{{_SCHEMA}}}{name}").text = text
    part = _resource(_member(SubElement(schema, f"{{{_SCHEMA}}}property"), "Seq"))
    for name, text in (
        ("name", "part"),
        ("valueType", "Integer"),
        ("category", "internal"),
        ("description", "Part of ISO 14289 that the file follows"),
    ):
        SubElement(part, f"{{{_PROPERTY}}}{name}").text = text


def _member(of: Element, container: str) -> Element:
    return SubElement(SubElement(of, f"{{{_RDF}}}{container}"), f"{{{_RDF}}}li")


def _resource(member: Element) -> Element:
    member.set(f"{{{_RDF}}}parseType", "Resource")
    return member
