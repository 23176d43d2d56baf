"""What must be logged before the absence of a row means anything."""

import re
from typing import Annotated

from pydantic import AfterValidator

MANAGEMENT_READ = "management:read"
MANAGEMENT_WRITE = "management:write"
KMS = "kms"
DATA_PREFIX = "data:"

_DATA = re.compile(r"data:[a-z0-9-]+")


def is_need(text: str) -> bool:
    """Tell whether a text is one of `management:read`, `management:write`, `kms`, `data:<service>`."""
    return text in {MANAGEMENT_READ, MANAGEMENT_WRITE, KMS} or _DATA.fullmatch(text) is not None


def _need(text: str) -> str:
    if not is_need(text):
        message = "management:read, management:write, kms or data:<service>"
        raise ValueError(message)
    return text


Need = Annotated[str, AfterValidator(_need)]
