"""The texts of content files while they are read together, to say at which line of one something stands."""

import re


class Sources:
    """The texts by file name, and which of them could not be read into what they should be."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._faulty: set[str] = set()

    def add(self, path: str, text: str) -> None:
        """Keep the text of a file."""
        self._texts[path] = text

    def mark_faulty(self, path: str) -> None:
        """Note that a file has faults, so that what is missing because of them is not told as well."""
        self._faulty.add(path)

    def is_faulty(self, path: str) -> bool:
        """Tell whether a file ends in this path and has faults."""
        return any(faulty.endswith(path) for faulty in self._faulty)

    def at(self, path: str, *patterns: str) -> str:
        """Return `path:line` of the line where the last pattern is found, each searched for from the one before it.

        Args:
            path: The file.
            patterns: Regular expressions, matched in single lines; where one is not found, the line before it stays.
        """
        line = 0
        lines = self._texts.get(path, "").split("\n")
        for pattern in patterns:
            found = (number for number in range(line, len(lines)) if re.search(pattern, lines[number]))
            line = next(found, line)
        return f"{path}:{line + 1}"


def key(name: str, value: str) -> str:
    """Return the pattern of a TOML line that sets a key to a text."""
    return rf"""^\s*{re.escape(name)}\s*=\s*["']{re.escape(value)}["']"""


def quoted(value: str) -> str:
    """Return the pattern of a TOML line that holds a text in quotation marks."""
    return rf"""["']{re.escape(value)}["']"""
