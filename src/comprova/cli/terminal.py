"""Shows text that strangers may have written so that no terminal takes a part of it for a command."""

_OF_TEXT = frozenset("\u00a0\u202f")
"""Spaces that do not break: Python counts them among what is not printed, and every language's text has them."""


def on_one_line(text: str) -> str:
    """Return text with every character that is not printed, line ends too, as its code, as documents show it.

    What moves the cursor could write over lines above: `ok` over `FAULT`. What turns text round shows another text.
    What stands for bytes that are no UTF-8 no stream would write.
    """
    return "".join(char if char.isprintable() or char in _OF_TEXT else f"\\u{{{ord(char):X}}}" for char in text)


def on_lines(text: str) -> str:
    """Return text of several lines, whose ends and tabs stay, with every other such character as its code."""
    return "\n".join("\t".join(map(on_one_line, line.split("\t"))) for line in text.split("\n"))
