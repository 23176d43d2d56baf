"""The command as a user has it: installed from the built wheel, away from the checkout."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from installed import Installed

ROOT = Path(__file__).resolve().parents[2]


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
