"""What the job of these tests sets: values with which the questions find something in the real logs."""

from collections.abc import Mapping, Sequence

AUDIT_LOG_BUCKETS = ("stratus-red-team-ctes-bucket-qyxyekjbtk", "stratus-red-team-ctlr-bucket-zqfsvooxqj")
"""The buckets of one of the data sets into which CloudTrail delivered."""

PARAMETERS: Mapping[str, Sequence[str]] = {"audit_log_buckets": AUDIT_LOG_BUCKETS}
"""By the name of the parameter; all others have their default."""
