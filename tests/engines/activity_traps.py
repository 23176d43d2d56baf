"""Records that set traps: whole records, each changed in one way that CloudTrail data is known for."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comprova.catalog.case_file import merge_patch
from engines.whole_records import CENTER_SIGN_IN, KEY_CALL, ROLE_CALL, SERVICE_EVENT, SIGN_IN

_BASES = {
    "KEY_CALL": KEY_CALL,
    "ROLE_CALL": ROLE_CALL,
    "SIGN_IN": SIGN_IN,
    "SERVICE_EVENT": SERVICE_EVENT,
    "CENTER_SIGN_IN": CENTER_SIGN_IN,
}
_FILE = Path(__file__).with_suffix(".toml")
TRAPS: list[dict[str, str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["trap"]


def trap_records() -> Mapping[str, Mapping[str, Any]]:
    """Return the record of each trap by the trap's name, which is its request id."""
    return {
        trap["name"]: {
            **merge_patch(_BASES[trap["base"]], json.loads(trap["change"])),
            "eventID": f"e-{number}",
            "requestID": trap["name"],
        }
        for number, trap in enumerate(TRAPS)
    }
