"""Finds the line of a TOML text on which a key stands."""

import re
from collections.abc import Iterable, Sequence

_TABLE = re.compile(r"^\s*(?P<open>\[{1,2})\s*(?P<path>[^\[\]]+?)\s*\]{1,2}\s*(#.*)?$")
_KEY = re.compile(
    r"""^\s*(?P<path>(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)


def line_of(text: str, path: Sequence[int | str]) -> int:
    """Return the line (from 1) of the deepest part of a path that can be found in a TOML text.

    Tables, arrays of tables and dotted keys are followed; a member of an inline value is found at the inline value, and
    one that is missing at the first of its siblings.
    """
    best_depth, best_line = 0, 1
    table: list[int | str] = []
    counts: dict[tuple[int | str, ...], int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if match := _TABLE.match(line):
            table = _indexed(_parts(match["path"]), counts, opens=len(match["open"]) > 1)
            here = table
        elif match := _KEY.match(line):
            here = [*table, *_parts(match["path"])]
        else:
            continue
        depth = _shared(here, path)
        if depth > best_depth:
            best_depth, best_line = depth, number
    return best_line


def _indexed(parts: Iterable[str], counts: dict[tuple[int | str, ...], int], *, opens: bool) -> list[int | str]:
    """Put into a table's path the index of each array of tables it stands in; `opens` starts a new element."""
    parts = list(parts)
    done: list[int | str] = []
    for position, part in enumerate(parts):
        done.append(part)
        name = tuple(done)
        if opens and position == len(parts) - 1:
            counts[name] = counts.get(name, -1) + 1
        if name in counts:
            done.append(counts[name])
    return done


def _parts(path: str) -> list[str]:
    return [part.strip().strip("\"'") for part in path.split(".")]


def _shared(here: Sequence[int | str], path: Sequence[int | str]) -> int:
    depth = 0
    for left, right in zip(here, path, strict=False):
        if left != right:
            break
        depth += 1
    return depth
