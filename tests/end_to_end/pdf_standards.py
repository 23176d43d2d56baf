"""What the tests with veraPDF share."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from verapdf.home import reason_missing
from verapdf.validator import STANDARDS, validate

FEWEST_CHECKS = 10_000
"""A document of some pages has more; fewer would mean that veraPDF did not look."""

needs_verapdf = [pytest.mark.verapdf, pytest.mark.skipif(reason_missing() is not None, reason=str(reason_missing()))]


def failures(files: Iterable[Path]) -> list[str]:
    """Return what veraPDF says against files: claims that are missing, rules that are broken."""
    said = []
    for file, verdict in validate(files).items():
        said += [f"{file.name}: {failure}" for failure in verdict.failures]
        said += [f"{file.name} does not claim {name}" for name in sorted(STANDARDS - verdict.standards)]
        if verdict.checks < FEWEST_CHECKS:
            said.append(f"{file.name}: only {verdict.checks} checks")
    return said
