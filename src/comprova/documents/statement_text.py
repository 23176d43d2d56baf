"""Sets a statement in fewer lines: the same words in the same order, only the white space between them is another."""

import re
from collections.abc import Iterable

WIDTH = 112
"""Characters of a line; what a page of the report holds in its type for machine text."""

_OPENS_LINE = re.compile(
    r"(?:WITH|SELECT|FROM|WHERE|GROUP BY|HAVING|ORDER BY|UNION|(?:LEFT |CROSS |INNER )?JOIN|WINDOW)\b|\), "
)


def folded(lines: Iterable[str]) -> list[str]:
    """Join the lines of a statement while they fit; a clause begins a line of its own, indented as it was sent."""
    out: list[str] = []
    for line in lines:
        words = line.strip()
        joined = f"{out[-1]} {words}" if out else words
        if not out or _OPENS_LINE.match(words) or len(joined) > WIDTH:
            out.append(line.rstrip())
        else:
            out[-1] = joined
    return out
