"""The command as a user has it: installed from the built wheel, away from the checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_LIMIT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with the wheel and its dependencies, and nothing of the checkout.

    Attributes:
        command: The installed `comprova`.
        site: Where its packages are.
    """

    command: Path
    site: Path

    def __call__(self, *arguments: str, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run the command in a folder, and require an exit code."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(cwd), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(  # noqa: S603 - our own command
            [self.command, *arguments],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_LIMIT_SECONDS,
            check=False,
        )
        assert done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done


@pytest.fixture(scope="session")
def comprova(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build the wheel and install it into an empty environment, offline.

    The dependencies are those of the environment that runs the tests: a path file adds them after the wheel's own
    folder. An editable install there does not leak in, because path files of added folders are not read.
    """
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)  # noqa: S603 - our own command
    (wheel,) = (folder / "dist").glob("*.whl")
    environment = folder / "env"
    venv.create(environment, with_pip=False, symlinks=True)
    python = environment / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(environment), "platbase": str(environment)}))
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)  # noqa: S603 - our own command
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Installed(environment / "bin" / "comprova", site)
