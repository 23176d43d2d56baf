"""The process that renders has no network and no credentials."""

import json
import os
import subprocess
import sys
from pathlib import Path

from comprova.documents.isolation import scrubbed

_TRIES = """
import json, os, pathlib, socket, subprocess, sys, urllib.request
from comprova.documents.isolation import shut_off
alone = shut_off()
tries = {
    "socket": lambda: socket.socket(),
    "connect": lambda: socket.create_connection(("127.0.0.1", 9), 1),
    "name": lambda: socket.getaddrinfo("localhost", 80),
    "url": lambda: urllib.request.urlopen("http://169.254.169.254/latest/meta-data/", timeout=1),
    "process": lambda: subprocess.run(["true"]),
    "shell": lambda: os.system("true"),
    "fork": lambda: os.fork(),
}
done = []
for name, act in tries.items():
    try:
        act()
    except PermissionError as error:
        if "rendered without network" in str(error):
            continue
    done.append(name)
interfaces = [line.split(":")[0].strip() for line in pathlib.Path("/proc/self/net/dev").read_text().splitlines()[2:]]
print(json.dumps({"alone": alone, "done": done, "interfaces": interfaces}))
"""


def test_a_process_shut_off_reaches_nothing() -> None:
    """No socket, no name, no address, no other process; where the kernel gives a namespace, no interface."""
    source = str(Path(sys.modules["comprova"].__file__ or "").parents[1])
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", _TRIES],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    assert said["done"] == []
    assert not said["alone"] or said["interfaces"] == ["lo"]


def test_only_what_rendering_needs_stays_of_the_environment(tmp_path: Path) -> None:
    """Credentials of any kind are not on the list of what stays; the cache of fonts is found where it was."""
    given = {
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
        "AWS_PROFILE": "audit",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token",
        "GITHUB_TOKEN": "ghp",
        "HOME": "/home/auditor",
        "HTTPS_PROXY": "http://user:password@proxy",
        "LC_ALL": "pt_BR.UTF-8",
        "PATH": "/usr/bin",
        "PYTHONPATH": "src",
        "SSH_AUTH_SOCK": "/run/agent",
    }
    assert scrubbed(given, tmp_path) == {
        "HOME": str(tmp_path),
        "LC_ALL": "pt_BR.UTF-8",
        "PATH": "/usr/bin",
        "PYTHONPATH": "src",
        "XDG_CACHE_HOME": "/home/auditor/.cache",
    }
