"""Identifiers in the forms that AWS uses: drawn from a seed, or fixed by what they name."""

import base64
import hashlib
from functools import lru_cache
from random import Random

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Chance(Random):
    """Everything that differs from record to record, drawn from one seed text: the same text, the same draws."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)

    def uuid(self) -> str:
        """Draw a version 4 UUID."""
        return _uuid(f"{self.getrandbits(128):032x}")

    def hexadecimal(self, length: int) -> str:
        """Draw lower-case hexadecimal digits, as in `i-0f3a…`."""
        return f"{self.getrandbits(4 * length):0{length}x}"

    def letters(self, length: int) -> str:
        """Draw letters and digits, as at the end of the name of a log file."""
        return "".join(self.choices(_ALPHANUMERIC, k=length))

    def request_id(self) -> str:
        """Draw a request id in the form of S3."""
        return "".join(self.choices(_BASE32, k=16))


@lru_cache(maxsize=4096)
def fixed_id(prefix: str, name: str) -> str:
    """Return the 20 characters of an IAM unique id or access key id (AROA…, AIDA…, ASIA…, AKIA…) for a name."""
    digest = hashlib.sha256(f"{prefix}/{name}".encode()).digest()
    return prefix + "".join(_BASE32[byte % 32] for byte in digest[: 20 - len(prefix)])


def fixed_hex(name: str, length: int) -> str:
    """Return the hexadecimal digits of a resource id (`sg-…`, `vpce-…`) for a name."""
    return hashlib.sha256(name.encode()).hexdigest()[:length]


def fixed_token(name: str) -> str:
    """Return a session token for a name, as long as a short one of STS and of no use anywhere."""
    return base64.b64encode(b"sample" + hashlib.shake_256(name.encode()).digest(480)).decode()


def fixed_uuid(name: str) -> str:
    """Return the UUID of a key, a person or a finding for its name."""
    return _uuid(hashlib.sha256(name.encode()).hexdigest()[:32])


def _uuid(digits: str) -> str:
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
