"""Where Trino 435 is on this machine, and how it gets there: Maven fetches it once into a cache folder.

`python -m athena_endpoint.trino_home` fetches; tests never do. `trino/pom.xml` and `trino/artifacts.sha256` say what.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from maven import cached, fetch_pinned, java_version

VERSION = "435"
"""The last release for Java 17 (Trino 436 release notes); Athena engine version 3 is of that generation."""

_OLDEST_JDK = 17
_SOURCES = Path(__file__).parent / "trino"
_PLUGIN_ARCHIVE = f"trino-hive-{VERSION}.zip"
_SERVICE = "META-INF/services/io.trino.spi.Plugin"


def trino_home() -> Path:
    """Return the folder that holds Trino, whether it is there or not: COMPROVA_TRINO_HOME, else in the user's cache."""
    return cached(f"trino-{VERSION}", "COMPROVA_TRINO_HOME")


def reason_missing() -> str | None:
    """Say what this machine lacks to run Trino; None if nothing."""
    if min(java_version("java"), java_version("javac")) < _OLDEST_JDK:
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
        fetch_pinned(_SOURCES, new / "lib")
        archive = new / "lib" / _PLUGIN_ARCHIVE
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


def _plugin(home: Path) -> Path:
    return home / "plugin" / _PLUGIN_ARCHIVE.removesuffix(".zip")


if __name__ == "__main__":
    fetch()
    sys.stdout.write(f"{trino_home()}\n")
