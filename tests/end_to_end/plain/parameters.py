"""What the job of these tests sets: values with which the questions find something in real and generated logs."""

from collections.abc import Mapping
from datetime import UTC, datetime

AUDIT_LOG_BUCKETS = (
    *("stratus-red-team-ctes-bucket-qyxyekjbtk", "stratus-red-team-ctlr-bucket-zqfsvooxqj"),
    "ipe-org-trail",
)
"""The buckets of one of the data sets into which CloudTrail delivered, and that of the generated logs."""

REQUIRED_DATA_RESOURCES = ("arn:aws:s3:::cards/",)
"""Objects that a change of selectors should have gone on logging."""

TRUSTED_ACCOUNTS = ("098797384747", "503161813013")
"""Two of the accounts with which something is shared."""

SUSPECT_KEYS = ("AKIA3Z2XBVUDFQ9TU4MD", "AKIATFQR7NSC8Q4X20BJ", "AKIATFQR7NSCQLA2F4OD", "AKIAW9X2Q2U25SK79UCX")
"""Keys that signed calls in three of the data sets, and one that was made and deleted in one of them without a call."""

EXPOSURE_MINUTES = 0
"""What was open for two minutes counts."""

BASELINE_DAYS = 30
"""The look-back: what is older does not count."""

INACTIVITY_DAYS = 12
"""Days without a call after which an identity counts as dormant."""

SENSITIVE_BUCKETS = ("ipe-cartoes-prod", "ipe-clientes-prod")
"""The two regulated buckets of the generated logs."""

VOLUME_FACTOR = 2
"""How many times the busiest day before a day must be."""

VOLUME_FLOOR_BYTES = 1_000_000
"""A megabyte is much."""

SHARED_IDENTITY_NETWORKS = 2
"""Networks within an hour."""

APPROVED_DATA_READERS = ("arn:aws:iam::111122223333:role/backup-noturno",)
"""One of the programs that read them."""

KNOWN_NETWORKS = ("203.0.113.0/24", "2001:db8:40::/48", "37.15.0.0/16")
"""The office of the generated logs without the homes, and a network of one of the data sets."""

DEPLOYMENT_ROLES = ("arn:aws:iam::*:role/github-implantacao",)
"""The pipeline of the generated logs."""

APPROVED_WORKLOAD_SUBJECTS = ("repo:pagamentos-ipe/cadastro:ref:refs/heads/main",)
"""One of the repositories that build there."""

PROTECTED_SUBNETS = ("subnet-0c3a5e71f9b2d8460",)
"""Where its databases are."""

PROTECTED_ZONES = ("Z0481926PAGTOSIPE0001",)
"""The zone of its domain."""

APPROVED_REGIONS = ("sa-east-1",)
"""Fewer than are in use."""

EXPECTED_ACCOUNTS = ("111122223333", "444455556666", "974349055189")
"""Two of the three accounts of the generated logs, and that of a data set."""

EXPECTED_REGIONS = ("sa-east-1", "us-east-1")
"""In which they should have events."""

SENSITIVE_KEYS = ("arn:aws:kms:sa-east-1:111122223333:key/2042a1cc-e78c-4d11-98eb-bf1cc8f690b2",)
"""That of one of the regulated buckets."""

SENSITIVE_TABLES = ("ipe-limites", "ipe-tokens")
"""Two tables, one of which nobody touched."""

CLASSIFICATION_TAG_KEYS = ("classificacao", "StratusRedTeam")
"""Keys of tags, one of which the real logs have."""

PRIVILEGED_PRINCIPALS = ("*stratus*", "*admin*")
"""Roles that count as privileged."""

BREAK_GLASS_PRINCIPALS = ("arn:aws:iam::*:user/emerg*", "arn:aws:iam::*:role/EMR_*")
"""Identities taken for those of emergencies."""

LEAVERS = (("marcos.pereira", datetime(2026, 10, 9, 21, tzinfo=UTC)), ("alucloud171", datetime(2017, 6, 1, tzinfo=UTC)))
"""Names as logged, and since when they should not be in the logs."""

PARAMETERS: Mapping[str, object] = {
    "approved_data_readers": APPROVED_DATA_READERS,
    "approved_regions": APPROVED_REGIONS,
    "approved_workload_subjects": APPROVED_WORKLOAD_SUBJECTS,
    "audit_log_buckets": AUDIT_LOG_BUCKETS,
    "baseline_days": BASELINE_DAYS,
    "break_glass_principals": BREAK_GLASS_PRINCIPALS,
    "classification_tag_keys": CLASSIFICATION_TAG_KEYS,
    "deployment_roles": DEPLOYMENT_ROLES,
    "expected_accounts": EXPECTED_ACCOUNTS,
    "expected_regions": EXPECTED_REGIONS,
    "exposure_minutes": EXPOSURE_MINUTES,
    "inactivity_days": INACTIVITY_DAYS,
    "known_networks": KNOWN_NETWORKS,
    "leavers": [{"identity": identity, "left_at": left_at} for identity, left_at in LEAVERS],
    "privileged_principals": PRIVILEGED_PRINCIPALS,
    "protected_subnets": PROTECTED_SUBNETS,
    "protected_zones": PROTECTED_ZONES,
    "required_data_resources": REQUIRED_DATA_RESOURCES,
    "sensitive_buckets": SENSITIVE_BUCKETS,
    "sensitive_keys": SENSITIVE_KEYS,
    "sensitive_tables": SENSITIVE_TABLES,
    "suspect_keys": SUSPECT_KEYS,
    "shared_identity_networks": SHARED_IDENTITY_NETWORKS,
    "trusted_accounts": TRUSTED_ACCOUNTS,
    "volume_factor": VOLUME_FACTOR,
    "volume_floor_bytes": VOLUME_FLOOR_BYTES,
}
"""By the name of the parameter."""
