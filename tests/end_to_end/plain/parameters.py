"""What the job of these tests sets: values with which the questions find something in the real logs."""

from collections.abc import Mapping, Sequence

AUDIT_LOG_BUCKETS = ("stratus-red-team-ctes-bucket-qyxyekjbtk", "stratus-red-team-ctlr-bucket-zqfsvooxqj")
"""The buckets of one of the data sets into which CloudTrail delivered."""

REQUIRED_DATA_RESOURCES = ("arn:aws:s3:::cards/",)
"""Objects that a change of selectors should have gone on logging."""

TRUSTED_ACCOUNTS = ("098797384747", "503161813013")
"""Two of the accounts with which something is shared."""

SUSPECT_KEYS = ("AKIA3Z2XBVUDFQ9TU4MD", "AKIATFQR7NSC8Q4X20BJ", "AKIATFQR7NSCQLA2F4OD", "AKIAW9X2Q2U25SK79UCX")
"""Keys that signed calls in three of the data sets, and one that was made and deleted in one of them without a call."""

EXPOSURE_MINUTES = 0
"""What was open for two minutes counts."""

PARAMETERS: Mapping[str, Sequence[str] | int] = {
    "audit_log_buckets": AUDIT_LOG_BUCKETS,
    "exposure_minutes": EXPOSURE_MINUTES,
    "required_data_resources": REQUIRED_DATA_RESOURCES,
    "suspect_keys": SUSPECT_KEYS,
    "trusted_accounts": TRUSTED_ACCOUNTS,
}
"""By the name of the parameter."""
