"""Where veraPDF is on this machine, and how it gets there: Maven fetches it once into a cache folder.

`python -m verapdf.home` fetches; tests never do.
"""

import sys
import tempfile
from pathlib import Path

from maven import cached, fetch_pinned, java_version

VERSION = "1.28.2"
"""A release of July 2025."""

_OLDEST_JAVA = 8
_SOURCES = Path(__file__).parent


def jar() -> Path:
    """Return veraPDF's jar, whether it is there or not: below COMPROVA_VERAPDF_HOME, else in the user's cache."""
    return cached(f"verapdf-{VERSION}", "COMPROVA_VERAPDF_HOME") / f"greenfield-apps-{VERSION}.jar"


def reason_missing() -> str | None:
    """Say what this machine lacks to run veraPDF; None if nothing."""
    if java_version("java") < _OLDEST_JAVA:
        return "no Java on the PATH"
    if not jar().is_file():
        return f"no veraPDF in {jar().parent} (make test-pdf fetches it)"
    return None


def fetch() -> None:
    """Have Maven fetch veraPDF, unless it is there.

    Raises:
        ValueError: What came is not what is pinned.
    """
    home = jar().parent
    if jar().is_file():
        return
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        new = Path(folder) / home.name
        fetch_pinned(_SOURCES, new)
        new.rename(home)


if __name__ == "__main__":
    fetch()
    sys.stdout.write(f"{jar()}\n")
