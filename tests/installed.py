"""The command as a user has it, in an environment that holds the built wheel and nothing of the checkout."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

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
