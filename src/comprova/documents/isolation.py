"""Shuts the process that renders off: what strangers wrote is laid out where there is no network and no credential."""

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path

_KEPT = frozenset({"LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ"})
_KEPT_PREFIXES = ("FONTCONFIG_", "LC_", "PYTHON")
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_REFUSED = (
    "ftplib.", "http.client.", "imaplib.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "poplib.",
    "pty.spawn", "smtplib.", "socket.", "subprocess.", "telnetlib.", "urllib.",
)  # fmt: skip


def scrubbed(environment: Mapping[str, str], home: Path) -> dict[str, str]:
    """Return what a rendering process needs of an environment: a list of what may stay, so that nothing else does.

    Args:
        environment: Of the process that starts it; credentials, tokens and proxies in it are left out.
        home: An empty folder that it takes for its user's; the cache of fontconfig stays where it is.
    """
    kept = {name: value for name, value in environment.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)}
    cache = environment.get("XDG_CACHE_HOME") or str(Path(environment.get("HOME") or home) / ".cache")
    return {**kept, "HOME": str(home), "XDG_CACHE_HOME": cache}


def shut_off() -> bool:
    """Take this process off the network for good, and keep it from starting others; call it before any thread starts.

    Python refuses every socket and every new process by an audit hook (PEP 578), which cannot be taken out again. Where
    the kernel permits, the process moves into a network namespace with no interface that is up, which holds for
    libraries too.

    Returns:
        Whether it has such a namespace.
    """
    sys.addaudithook(_refuse)
    if sys.platform != "linux":
        return False
    # Without mapped users, root would lose its rights over files of others; it needs no user namespace on a host.
    flags = _NEW_NETWORK if os.geteuid() == 0 else _NEW_NETWORK | _NEW_USER
    return bool(ctypes.CDLL(None).unshare(flags) == 0)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_REFUSED):
        message = f"a document is rendered without network and without other processes: {event} is refused"
        raise PermissionError(message)
