"""The tutorial is what a user can do: its files are written, its commands run in order, by the installed command."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installed import Installed

DOCS = Path(__file__).resolve().parents[2] / "docs"
_BLOCK = re.compile(
    r"(?:^\*\*`(?P<file>[^`]+)`\*\*\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_LIMIT_SECONDS = 900


@dataclass(frozen=True)
class Block:
    """A fenced block: a file to write, commands, or lines that the commands before it print."""

    kind: str
    file: str | None
    text: str


def blocks(name: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page, in order."""
    for found in _BLOCK.finditer((DOCS / name).read_text(encoding="utf-8")):
        yield Block(found["kind"], found["file"], found["text"])


def test_the_tutorial_does_what_it_says(comprova: Installed, tmp_path: Path) -> None:
    """In an empty folder, every command ends well and prints the lines that are shown."""
    folder, there = tmp_path / "tutorial", tmp_path / "pwd"
    folder.mkdir()
    path = f"{comprova.command.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    printed = ""
    for block in blocks("tutorial.md"):
        if block.kind == "text":
            lines = [" ".join(line.split()) for line in printed.splitlines()]
            shown = [" ".join(line.split()) for line in block.text.splitlines()]
            missing = [line for line in shown if not any(line in one for one in lines)]
            assert missing == [], printed
        elif block.file is not None:
            file = folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        else:
            script = f"set -euo pipefail\n{block.text}pwd > '{there}'\n"
            done = subprocess.run(  # noqa: S603 - our own page
                ["bash", "-c", script],  # noqa: S607 - of the system
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=_LIMIT_SECONDS,
                check=False,
            )
            printed = done.stdout
            assert done.returncode == 0, f"{block.text}\n{printed}\n{done.stderr}"
            folder = Path(there.read_text(encoding="utf-8").strip())


def test_both_languages_do_the_same() -> None:
    """The files and commands of the Portuguese page are those of the English one."""
    english = list(blocks("tutorial.md"))
    assert {block.kind for block in english} == {"sh", "text", "toml", "sql"}
    assert list(blocks("tutorial.pt-BR.md")) == english
