"""Makes text safe to open in a spreadsheet.

Log values are written by strangers, and a cell that begins with `=`, `+`, `-` or `@` is a formula (OWASP, "CSV
Injection").
Spreadsheets of many languages separate cells by semicolon, so the start of a cell is also what follows one; read in
that way, a quotation mark that CSV doubles opens and closes an empty text there, so marks count as blanks.
The guarded copy differs from the logged value by an apostrophe; the Parquet file beside it holds the value itself.
"""

import re

_FORMULA = re.compile(
    r"""(?P<start>\A|[;\t\r\n])(?P<blank>[\s\ufeff\x00"]*)(?P<sign>[=+\-@\uff1d\uff0b\uff0d\uff20])"""
)
_LEADING_CONTROL = re.compile(r"\A[\t\r\n\x00]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet takes it, or a part of it, for a formula."""
    text = _FORMULA.sub(r"\g<start>\g<blank>'\g<sign>", text)
    if _LEADING_CONTROL.match(text):
        text = f"'{text}"
    return _CONTROL.sub(lambda match: f"\\u{{{ord(match[0]):04X}}}", text)
