"""Runs veraPDF's command line on files."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from verapdf.home import jar

STANDARDS = frozenset({"PDF/A-3A validation profile", "PDF/UA-1 validation profile"})
"""What every PDF of comprova keeps, as veraPDF names it."""

_MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
_MOST_EXAMPLES = "3"
_INVALID = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What veraPDF says of one file.

    Attributes:
        standards: Those that the file claims, all of which it was held against.
        checks: Checks that it passed.
        failures: Clause, description and number of failed checks of every rule that it breaks.
    """

    standards: frozenset[str]
    checks: int
    failures: tuple[str, ...]


def validate(files: Iterable[Path]) -> Mapping[Path, Verdict]:
    """Hold each file against the standards that it claims in its metadata.

    Raises:
        ValueError: veraPDF did not come to its end.
        TypeError: It could not judge a file.
    """
    options = ("--format", "json", "--maxfailuresdisplayed", _MOST_EXAMPLES)
    named = {str(file.resolve()): file for file in files}
    done = subprocess.run(  # noqa: S603 - the pinned jar
        ["java", "-XX:+UseSerialGC", "-cp", str(jar()), _MAIN, *options, *named],  # noqa: S607 - the user's own Java
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, _INVALID):
        raise ValueError(f"veraPDF ended with {done.returncode}: {done.stderr[-2000:]}")
    jobs = json.loads(done.stdout)["report"]["jobs"]
    return {named[job["itemDetails"]["name"]]: _verdict(job) for job in jobs}


def _verdict(job: Mapping[str, object]) -> Verdict:
    results = job.get("validationResult")
    if not isinstance(results, list):
        raise TypeError(f"veraPDF could not judge the file: {json.dumps(job)[:2000]}")
    return Verdict(
        frozenset(result["profileName"] for result in results),
        sum(result["details"]["passedChecks"] for result in results),
        tuple(
            f"{result['profileName']} {rule['clause']}-{rule['testNumber']}: {rule['description']} "
            f"({rule['failedChecks']} times)"
            for result in results
            for rule in result["details"]["ruleSummaries"]
        ),
    )
