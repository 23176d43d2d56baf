"""What a PDF of comprova must keep, told as faults, without Java; veraPDF judges the same files by the standards."""

from io import BytesIO

import pikepdf

from pdf_checks import content, file, structure


def pdf_faults(data: bytes, language: str) -> list[str]:
    """Return everything in a PDF that is not as it must be, in words.

    Args:
        data: The file.
        language: The tag that the document must have, such as `pt-BR`.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        return [
            *(f"qpdf: {problem}" for problem in pdf.check_pdf_syntax()),
            *file.faults(pdf, language),
            *structure.faults(pdf),
            *content.faults(pdf),
        ]
