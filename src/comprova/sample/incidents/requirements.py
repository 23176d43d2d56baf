"""Under which requirements an incident belongs, as an auditor would file it: one of each edition that asks about it.

Chosen by reading the editions, not from the mapping of queries, which is tested against it.
"""

from collections.abc import Mapping
from typing import TypeAlias

Requirements: TypeAlias = Mapping[str, tuple[str, ...]]
"""Requirement ids by edition."""


def _filed(lgpd: str, gdpr: str, hipaa: str, pci_dss: str) -> Requirements:
    """File an incident; an edition without a word on it has an empty text."""
    ids = {"lgpd-2018": lgpd, "gdpr-2016": gdpr, "hipaa-2013": hipaa, "pci-dss-4.0.1": pci_dss}
    return {edition: (id_,) for edition, id_ in ids.items() if id_}


# Who came in, and with what.
ROOT = _filed("Art. 46, caput", "Art. 32(4)", "164.312(a)(2)(i)", "10.2.1.2")
SIGN_IN = _filed("Art. 46, caput", "Art. 5(1)(f)", "164.312(d)", "8.4.2")
ONE_IDENTITY = _filed("", "Art. 32(4)", "164.312(d)", "8.2.2")
GUESSING = _filed("Art. 46, caput", "Art. 32(1)(b)", "164.308(a)(5)(ii)(C)", "8.3.4")
MFA = _filed("Art. 46, caput", "Art. 32(1)(b)", "164.312(d)", "8.3.3")
PASSWORDS = _filed("Res. 2/2022, Art. 12", "Art. 32(1)(b)", "164.308(a)(5)(ii)(D)", "8.3.6")
CREDENTIALS = _filed("Art. 46, caput", "Art. 32(4)", "164.308(a)(5)(ii)(D)", "10.2.1.5")
STOLEN_CREDENTIALS = _filed("Art. 6, VII", "Art. 5(1)(f)", "164.308(a)(6)(ii)", "8.6.1")
LEAKED_KEY = _filed("Art. 48, caput", "Art. 33(1)", "164.308(a)(6)(ii)", "12.10.5")
LEAVERS = _filed("Art. 47", "Art. 32(4)", "164.308(a)(3)(ii)(C)", "8.2.5")
FEDERATION = _filed("Art. 46, caput", "Art. 32(1)(b)", "164.312(d)", "8.2.1")
WORKLOADS = _filed("Art. 39", "Art. 32(1)(b)", "164.312(d)", "7.2.5")
VENDORS = _filed("Art. 39", "Art. 28(1)-(2) and (4)", "164.308(b)(3)", "8.2.7")
WORKING_HOURS = _filed("Art. 46, caput", "Art. 32(4)", "164.308(a)(1)(ii)(D)", "10.4.1")

# Who may do what.
PRIVILEGES = _filed("Art. 6, III", "Art. 25(1)", "164.308(a)(4)(ii)(C)", "7.2.2")
SELF_GRANTS = _filed("Art. 46, caput", "Art. 25(1)", "164.308(a)(4)(ii)(C)", "7.2.2")
COMPUTE_ROLES = _filed("", "Art. 25(1)", "164.308(a)(4)(ii)(B)", "7.2.2")
POLICIES = _filed("Art. 6, III", "Art. 25(1)", "164.308(a)(4)(ii)(C)", "7.2.3")
CHANGES = _filed("Art. 50, caput", "Art. 25(1)", "164.308(a)(1)(ii)(D)", "6.5.1")
GOVERNANCE = _filed("Art. 50, caput", "Art. 24(1)", "164.308(a)(1)(i)", "2.2.6")
CONTACTS = _filed("Art. 48, caput", "Art. 33(1)", "164.308(a)(6)(i)", "")
LABELS = _filed("Art. 37", "Art. 30(1)-(2)", "164.308(a)(1)(ii)(A)", "12.5.2")

# What is recorded and noticed.
LOGGING = _filed("Art. 6, X", "Art. 5(2)", "164.312(b)", "10.2.1.6")
SELECTORS = _filed("Art. 46, caput", "Art. 5(2)", "164.312(b)", "10.2.1.6")
DATA_RECORDING = _filed("Art. 37", "Art. 5(2)", "164.312(b)", "10.2.1.1")
LOG_BUCKET = _filed("Art. 6, X", "Art. 5(2)", "164.312(b)", "10.3.2")
LOG_DIGESTS = _filed("Art. 6, X", "Art. 5(2)", "164.312(b)", "10.3.4")
LOG_FILES = _filed("Art. 6, X", "Art. 5(2)", "164.312(b)", "10.3.3")
LOG_RECORDS = _filed("Art. 6, X", "Art. 5(2)", "164.312(b)", "10.3.2")
LOG_COPIES = _filed("Art. 6, X", "Art. 5(2)", "164.312(b)", "10.2.2")
DETECTION = _filed("Art. 6, VIII", "Art. 32(1)(d)", "164.308(a)(6)(ii)", "10.7.2")
ALERTING = _filed("Art. 6, VIII", "Art. 32(1)(d)", "164.308(a)(1)(i)", "10.7.2")
ALERTS_ANSWERED = _filed("Art. 6, VIII", "Art. 32(1)(d)", "164.308(a)(6)(ii)", "12.10.5")
SCANNING = _filed("Art. 6, VIII", "Art. 32(2)", "164.308(a)(5)(ii)(B)", "11.5.1")

# What is open, and to whom.
NETWORK = _filed("Art. 6, VII", "Art. 32(1)(b)", "164.312(a)(1)", "1.4.2")
ADDRESSES = _filed("Art. 49", "Art. 32(1)(b)", "164.312(e)(1)", "1.3.1")
ENDPOINTS = _filed("Art. 46, §2", "Art. 25(1)", "164.312(a)(1)", "1.4.2")
WEB_FILTER = _filed("Art. 6, VIII", "Art. 32(1)(b)", "164.312(e)(1)", "6.4.2")
NAMES = _filed("Art. 49", "Art. 32(1)(b)", "164.312(e)(1)", "")
FORGED = _filed("Art. 6, VII", "Art. 32(1)(b)", "164.312(e)(1)", "1.4.3")
HARDENING = _filed("Art. 46, §2", "Art. 25(1)", "164.308(a)(1)(ii)(B)", "2.2.6")
SHARING = _filed("Art. 46, caput", "Art. 25(2)", "164.312(a)(1)", "1.4.4")
OUTSIDERS = _filed("Art. 6, VII", "Art. 25(2)", "164.312(a)(1)", "7.3.3")
SHARED_STORES = _filed("Art. 6, VII", "Art. 25(2)", "164.312(a)(1)", "")
SHARED_RESOURCES = _filed("Art. 26", "Art. 25(2)", "164.312(a)(1)", "A3.2.6")
EXPORTS = _filed("Art. 33", "Art. 44", "164.310(d)(2)(iii)", "A3.2.6")
TRANSFER = _filed("Art. 33", "Art. 44", "164.310(d)(2)(iii)", "A3.2.6")
REGIONS = _filed("Art. 33", "Art. 44", "164.308(a)(8)", "12.5.2")
MAIL = _filed("Art. 48, caput", "Art. 33(1)", "", "")

# Data, and what protects it.
DATA_ACCESS = _filed("Art. 6, III", "Art. 32(4)", "164.308(a)(3)(ii)(A)", "10.2.1.1")
SECRETS = _filed("Art. 46, caput", "Art. 32(4)", "164.308(a)(3)(ii)(A)", "8.6.2")
KEY_USE = _filed("Art. 46, caput", "Art. 32(4)", "164.308(a)(3)(ii)(A)", "3.6.1")
ANONYMOUS = _filed("Art. 6, VII", "Art. 5(1)(f)", "164.308(a)(3)(ii)(A)", "1.4.4")
TRANSPORT = _filed("Art. 44", "Art. 32(1)(a)", "164.312(e)(2)(ii)", "4.2.1")
ENCRYPTION = _filed("Art. 46, caput", "Art. 32(1)(a)", "164.312(a)(2)(iv)", "3.5.1")
ENCRYPTION_DEFAULTS = _filed("Art. 6, VIII", "Art. 32(1)(a)", "164.312(a)(2)(iv)", "3.5.1")
KEYS = _filed("Art. 46, caput", "Art. 32(1)(a)", "164.312(a)(2)(iv)", "3.7.5")
BACKUPS = _filed("Art. 6, VII", "Art. 32(1)(c)", "164.308(a)(7)(ii)(A)", "10.2.1.7")
SAFEGUARDS = _filed("Art. 6, VIII", "Art. 32(1)(c)", "164.308(a)(7)(ii)(A)", "")
MASS_DELETION = _filed("Art. 48, caput", "Art. 33(1)", "164.312(c)(1)", "")
