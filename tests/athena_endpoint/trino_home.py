"""Where Trino 435 is on this machine, and how it gets there: Maven fetches it once into a cache folder.

`python -m athena_endpoint.trino_home` fetches; tests never do. Artifacts are named by their Maven coordinates in
`trino/pom.xml` and come from wherever this user's Maven takes them; their SHA-256 stand in `trino/artifacts.sha256`.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "435"
"""The last release for Java 17 (Trino 436 release notes); Athena engine version 3 is of that generation."""

_OLDEST_JDK = 17
_SOURCES = Path(__file__).parent / "trino"
_PINNED = _SOURCES / "artifacts.sha256"
_PLUGIN_ARCHIVE = f"trino-hive-{VERSION}.zip"
_SERVICE = "META-INF/services/io.trino.spi.Plugin"


def trino_home() -> Path:
    """Return the folder that holds Trino, whether it is there or not: COMPROVA_TRINO_HOME, else in the user's cache."""
    if named := os.environ.get("COMPROVA_TRINO_HOME"):
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "comprova" / f"trino-{VERSION}"


def reason_missing() -> str | None:
    """Say what this machine lacks to run Trino; None if nothing."""
    if _jdk() < _OLDEST_JDK:
        return f"no JDK, {_OLDEST_JDK} or later, on the PATH"
    if not (trino_home() / "lib").is_dir():
        return f"no Trino in {trino_home()} (make test-trino fetches it)"
    return None


def fetch() -> None:
    """Have Maven fetch Trino, unless it is there.

    Raises:
        ValueError: Something that came is not what is pinned.
    """
    home = trino_home()
    if (home / "lib").is_dir():
        return
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        new = Path(folder) / home.name
        lib = new / "lib"
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={lib}"]
        subprocess.run(["mvn", "--batch-mode", "--quiet", "-f", str(_SOURCES / "pom.xml"), *goal], check=True)  # noqa: S603, S607
        _check(lib)
        archive = lib / _PLUGIN_ARCHIVE
        with zipfile.ZipFile(archive) as plugin:
            plugin.extractall(new / "plugin")
        archive.unlink()
        new.rename(home)


def mirror_jar() -> Path:
    """Return the jar of the classes in `trino/java`, compiled if they have changed."""
    home = trino_home()
    sources = sorted((_SOURCES / "java").glob("*.java"))
    content = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    jar = home / f"mirror-{content[:16]}.jar"
    if jar.is_file():
        return jar
    with tempfile.TemporaryDirectory(dir=home) as folder:
        classes = Path(folder) / "classes"
        jars = f"{home / 'lib'}/*{os.pathsep}{_plugin(home)}/*"
        subprocess.run(["javac", "-d", str(classes), "-cp", jars, *map(str, sources)], check=True)  # noqa: S603, S607
        new = Path(folder) / jar.name
        with zipfile.ZipFile(new, "w") as archive:
            archive.writestr(_SERVICE, "comprova.athena.MirrorPlugin\n")
            for compiled in sorted(classes.rglob("*.class")):
                archive.write(compiled, compiled.relative_to(classes))
        new.replace(jar)
    return jar


def plugin_jars() -> list[Path]:
    """Return the jars of the hive connector."""
    return sorted(_plugin(trino_home()).glob("*.jar"))


def _jdk() -> int:
    """Return the version of the JDK; 0 if there is none."""
    if not (shutil.which("java") and shutil.which("javac")):
        return 0
    told = subprocess.run(["javac", "-version"], check=False, capture_output=True, text=True)  # noqa: S607
    found = re.search(r"javac (\d+)", told.stdout + told.stderr)
    return int(found[1]) if found else 0


def _plugin(home: Path) -> Path:
    return home / "plugin" / _PLUGIN_ARCHIVE.removesuffix(".zip")


def _check(folder: Path) -> None:
    lines = _PINNED.read_text(encoding="utf-8").splitlines()
    pinned = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    if wrong := sorted(name for name in pinned.keys() | found.keys() if pinned.get(name) != found.get(name)):
        raise ValueError(f"not what {_PINNED} pins: {', '.join(wrong)}")


if __name__ == "__main__":
    fetch()
    sys.stdout.write(f"{trino_home()}\n")
