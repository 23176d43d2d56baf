"""Under which requirements an incident belongs, as an auditor would file it: one of each edition.

Chosen by reading the editions, not from the mapping of queries, which is tested against it.
"""

from collections.abc import Mapping
from typing import TypeAlias

Requirements: TypeAlias = Mapping[str, tuple[str, ...]]
"""Requirement ids by edition."""


def _filed(lgpd: str, gdpr: str, hipaa: str, pci_dss: str) -> Requirements:
    return {"lgpd-2018": (lgpd,), "gdpr-2016": (gdpr,), "hipaa-2013": (hipaa,), "pci-dss-4.0.1": (pci_dss,)}


ROOT = _filed("Art. 46, caput", "Art. 32(4)", "164.312(a)(2)(i)", "10.2.1.2")
SIGN_IN = _filed("Art. 46, caput", "Art. 5(1)(f)", "164.312(d)", "8.4.2")
GUESSING = _filed("Art. 46, caput", "Art. 32(1)(b)", "164.308(a)(5)(ii)(C)", "8.3.4")
MFA = _filed("Art. 46, caput", "Art. 32(1)(d)", "164.312(d)", "8.3.3")
CREDENTIALS = _filed("Art. 46, caput", "Art. 32(4)", "164.308(a)(5)(ii)(D)", "10.2.1.5")
LEAKED_KEY = _filed("Art. 48, caput", "Art. 33(1)", "164.308(a)(6)(ii)", "12.10.5")
PRIVILEGES = _filed("Art. 6, III", "Art. 25(1)", "164.308(a)(4)(ii)(C)", "7.2.2")
LOGGING = _filed("Art. 6, X", "Art. 5(2)", "164.312(b)", "10.7.2")
SELECTORS = _filed("Art. 6, VII", "Art. 5(2)", "164.312(b)", "10.2.1.6")
LOG_BUCKET = _filed("Art. 6, X", "Art. 5(2)", "164.312(c)(1)", "10.3.2")
LOG_FILES = _filed("Art. 6, X", "Art. 5(2)", "164.312(b)", "10.3.3")
LOG_RECORDS = _filed("Art. 6, X", "Art. 5(2)", "164.312(b)", "10.3.2")
DETECTION = _filed("Art. 6, VIII", "Art. 32(1)(d)", "164.308(a)(6)(ii)", "10.7.2")
NETWORK = _filed("Art. 6, VII", "Art. 32(1)(b)", "164.312(a)(1)", "1.4.2")
SHARING = _filed("Art. 46, caput", "Art. 25(2)", "164.312(a)(1)", "1.4.4")
KEYS = _filed("Art. 46, caput", "Art. 32(1)(a)", "164.312(a)(2)(iv)", "3.7.5")
BACKUPS = _filed("Art. 46, caput", "Art. 32(1)(c)", "164.308(a)(7)(ii)(A)", "10.2.1.7")
MASS_DELETION = _filed("Art. 48, caput", "Art. 33(1)", "164.312(c)(1)", "12.10.5")
DATA_ACCESS = _filed("Art. 6, III", "Art. 32(4)", "164.308(a)(3)(ii)(A)", "10.2.1.1")
CHANGES = _filed("Art. 50, caput", "Art. 32(1)(d)", "164.308(a)(8)", "6.5.1")
HARDENING = _filed("Art. 46, §2", "Art. 25(1)", "164.308(a)(1)(ii)(B)", "2.2.6")
TRANSPORT = _filed("Art. 46, caput", "Art. 32(1)(a)", "164.312(e)(2)(ii)", "4.2.1")
ALERTING = _filed("Art. 6, VIII", "Art. 32(1)(d)", "164.308(a)(1)(ii)(D)", "10.7.2")
PASSWORDS = _filed("Art. 46, caput", "Art. 32(1)(b)", "164.308(a)(5)(ii)(D)", "8.3.6")
ENCRYPTION = _filed("Art. 46, caput", "Art. 32(1)(a)", "164.312(a)(2)(iv)", "3.5.1")
LEAVERS = _filed("Art. 47", "Art. 32(4)", "164.308(a)(3)(ii)(C)", "8.2.5")
POLICIES = _filed("Art. 6, III", "Art. 25(1)", "164.308(a)(4)(ii)(C)", "7.2.3")
FEDERATION = _filed("Art. 46, caput", "Art. 32(1)(b)", "164.312(d)", "8.3.1")
TRANSFER = _filed("Art. 33", "Art. 44", "164.310(d)(2)(iii)", "A3.2.6")
VENDORS = _filed("Art. 39", "Art. 28(1)-(2) and (4)", "164.308(b)(3)", "8.2.7")
GOVERNANCE = _filed("Art. 50, caput", "Art. 24(1)", "164.308(a)(1)(i)", "6.5.1")
LABELS = _filed("Art. 37", "Art. 30(1)-(2)", "164.310(d)(1)", "12.5.2")
DATA_RECORDING = _filed("Art. 37", "Art. 5(2)", "164.312(b)", "10.2.1.1")
WORKING_HOURS = _filed("Art. 46, caput", "Art. 32(4)", "164.308(a)(1)(ii)(D)", "10.4.1")
