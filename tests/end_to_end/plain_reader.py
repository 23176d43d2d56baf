"""Answers questions of the packs from raw records, as an auditor would with the log files and no tool of ours."""

from collections.abc import Callable, Mapping

from end_to_end import plain_access, plain_logs, plain_stores
from end_to_end.plain_events import Row, Trail

ANSWERS: Mapping[str, Callable[[Trail], list[Row]]] = {
    "credentials.access_key_events@1": plain_access.access_key_events,
    "credentials.keys_for_other_users@1": plain_access.keys_for_other_users,
    "credentials.long_term_key_use@1": plain_access.long_term_key_use,
    "data.secret_reads@1": plain_stores.secret_reads,
    "destruction.backups_removed@1": plain_stores.backups_removed,
    "destruction.data_stores_deleted@1": plain_stores.data_stores_deleted,
    "destruction.mass_deletes@1": plain_stores.mass_deletes,
    "hours.out_of_hours_activity@1": plain_access.out_of_hours_activity,
    "identity.identity_lifecycle@1": plain_access.identity_lifecycle,
    "identity.root_activity@1": plain_access.root_activity,
    "logging.log_bucket_tampering@1": plain_stores.log_bucket_tampering,
    "logging.logging_stopped@1": plain_stores.logging_stopped,
    "logging.trail_changes@1": plain_stores.trail_changes,
    "logs.conflicting_ids@1": plain_logs.conflicting_ids,
    "logs.coverage_daily@1": plain_logs.coverage_daily,
    "logs.duplicates@1": plain_logs.duplicates,
    "logs.late_deliveries@1": plain_logs.late_deliveries,
    "logs.required_fields@1": plain_logs.required_fields,
    "network.open_to_world@1": plain_stores.open_to_world,
    "permissions.admin_grants@1": plain_access.admin_grants,
    "permissions.denied_calls@1": plain_access.denied_calls,
    "permissions.iam_changes@1": plain_access.iam_changes,
    "sharing.snapshots_and_images@1": plain_stores.snapshots_and_images,
    "signin.console_signins@1": plain_access.console_signins,
    "signin.signins_without_mfa@1": plain_access.signins_without_mfa,
}
"""How to answer each query, at the version whose meaning was read."""
