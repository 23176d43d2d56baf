"""Programs that tests run and users do not need: Maven fetches them once into a cache folder, pinned by SHA-256.

Artifacts are named by their Maven coordinates in a `pom.xml` and come from wherever this user's Maven takes them; what
came is checked against an `artifacts.sha256` beside it.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path


def cached(name: str, variable: str) -> Path:
    """Return where a program lies, whether it is there or not: what a variable names, else in the user's cache."""
    if named := os.environ.get(variable):
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "comprova" / name


def fetch_pinned(sources: Path, folder: Path) -> None:
    """Have Maven copy the artifacts of `pom.xml` in a folder of sources into another folder.

    Raises:
        ValueError: Something that came is not what `artifacts.sha256` pins.
    """
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
    subprocess.run(["mvn", "--batch-mode", "--quiet", "-f", str(sources / "pom.xml"), *goal], check=True)  # noqa: S603, S607
    lines = (sources / "artifacts.sha256").read_text(encoding="utf-8").splitlines()
    pinned = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    if wrong := sorted(name for name in pinned.keys() | found.keys() if pinned.get(name) != found.get(name)):
        raise ValueError(f"not what {sources / 'artifacts.sha256'} pins: {', '.join(wrong)}")


def java_version(program: str) -> int:
    """Return the version of `java` or `javac` on the PATH; 0 if there is none."""
    if not shutil.which(program):
        return 0
    told = subprocess.run([program, "-version"], check=False, capture_output=True, text=True)  # noqa: S603 - by name
    found = re.search(r"(?:javac |version \")(\d+)", told.stdout + told.stderr)
    return int(found[1]) if found else 0
