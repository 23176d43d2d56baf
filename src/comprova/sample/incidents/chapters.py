"""Which incidents happen in which month: some recur, some go away, some come back."""

from dataclasses import dataclass

from comprova.sample.incidents import (
    access,
    ciphers,
    defences,
    deliveries,
    destruction,
    disclosure,
    endpoints,
    exposure,
    identities,
    machines,
    monitoring,
    organisation,
    outsiders,
    reading,
    scanning,
    signins,
)
from comprova.sample.incidents.scene import Habit, Script


@dataclass(frozen=True, slots=True)
class Chapter:
    """What happens in a month.

    Attributes:
        scripts: Incidents.
        habits: What exception queries show besides.
    """

    scripts: tuple[Script, ...]
    habits: tuple[Habit, ...] = ()


LAST_MONTH = Chapter(
    (
        signins.ROOT_SIGN_IN,
        signins.ROOT_ACCESS_KEY,
        signins.USER_SIGN_IN_WITHOUT_MFA,
        signins.PASSWORD_GUESSING,
        signins.BREAK_GLASS,
        access.MFA_RESTORED,
        access.MFA_NEVER_RESTORED,
        access.KEY_FOR_OTHER_USER,
        access.ADMIN_POLICY_ATTACHED,
        access.WILDCARD_POLICY,
        defences.TRAIL_STOPPED,
        defences.SELECTORS_NARROWED,
        defences.DETECTOR_DISABLED,
        defences.FINDINGS_ARCHIVED,
        exposure.SSH_OPENED_AND_CLOSED,
        exposure.DATABASE_OPENED,
        exposure.RULE_WIDENED,
        exposure.PUBLIC_BLOCK_REMOVED,
        exposure.BUCKET_POLICY_PUBLIC,
        exposure.SNAPSHOT_SHARED,
        destruction.KEY_DELETION,
        destruction.KEY_DELETION_CANCELLED,
        destruction.KEY_DISABLED,
        destruction.DATABASE_DELETED,
        destruction.SNAPSHOTS_DELETED,
        destruction.OBJECTS_DELETED,
        reading.READS_ON_SUNDAY,
        reading.READS_ON_HOLIDAY,
        reading.SECRET_READ_BY_PERSON,
        deliveries.FILE_AFTER_THE_PERIOD,
        machines.MACHINE_CREDENTIALS_ELSEWHERE,
        machines.SUBNET_WITH_ADDRESSES,
        endpoints.FILTER_TAKEN_OFF,
        endpoints.OLD_TLS,
        monitoring.FLOW_LOGS_DELETED,
        monitoring.PASSWORD_POLICY,
        ciphers.FOREIGN_KEY,
        identities.POLICY_TOO_LARGE,
        identities.LEAVER,
        outsiders.UNEXPECTED_WORKLOAD,
        outsiders.NETWORK_SHARED,
        outsiders.DOCUMENT_PUBLIC,
        organisation.CONTACT_CHANGED,
        disclosure.LARGE_DOWNLOAD,
        disclosure.TABLE_NOT_RECORDED,
        organisation.ACCOUNT_NOT_DELIVERING,
    ),
    (access.DEVICE_REPLACED,),
)

EARLIER_MONTHS = (
    Chapter(
        (
            signins.USER_SIGN_IN_WITHOUT_MFA,
            signins.PASSWORD_SPRAYING,
            signins.BREAK_GLASS,
            access.USER_WITH_PASSWORD,
            defences.DETECTOR_DISABLED,
            exposure.SSH_OPENED_AND_CLOSED,
            exposure.DATABASE_SNAPSHOT_PUBLIC,
            destruction.KEY_DISABLED_BRIEFLY,
            reading.READS_ON_HOLIDAY,
            machines.METADATA_WITHOUT_TOKEN,
            machines.ADMIN_ROLE_TO_FUNCTION,
            endpoints.FUNCTION_URL_OPEN,
            endpoints.PLAIN_LISTENER,
            monitoring.RECORDER_NARROWED,
            monitoring.ALARM_SILENCED,
            ciphers.DISK_WITHOUT_ENCRYPTION,
            ciphers.KEY_USED_BY_PERSON,
            identities.BOUNDARY_REMOVED,
            identities.SHARED_IDENTITY,
            outsiders.PROVIDER_ADDED,
            outsiders.BUCKET_LIST_WIDENED,
            outsiders.EXPORT_ELSEWHERE,
            organisation.REGION_ENABLED,
            organisation.PROTECTION_OFF,
            disclosure.NEW_READER,
            disclosure.READ_BY_STRANGERS,
            scanning.SCAN,
            disclosure.TABLE_NOT_RECORDED,
            organisation.ACCOUNT_NOT_DELIVERING,
        ),
        (signins.FORGETFUL_USER,),
    ),
    Chapter(
        (
            access.KEY_LEAKED,
            access.ADMIN_ROLE,
            defences.TRAIL_STOPPED,
            exposure.REMOTE_DESKTOP_OPENED,
            exposure.SNAPSHOT_SHARED,
            deliveries.SECOND_TRAIL,
            machines.STACK_BY_HAND,
            endpoints.DATABASE_PUBLIC,
            endpoints.NAME_POINTED_ELSEWHERE,
            endpoints.SOURCE_CHECK_OFF,
            monitoring.TRAIL_WITHOUT_DIGESTS,
            monitoring.LOGS_KEPT_A_WEEK,
            ciphers.DEFAULT_ENCRYPTION_OFF,
            identities.SELF_GRANT,
            outsiders.UNKNOWN_ACCOUNT_CAME_IN,
            outsiders.ROLE_TRUSTS_STRANGER,
            outsiders.COPY_ABROAD,
            outsiders.MAIL_PREPARED,
            organisation.GUARDRAIL_DETACHED,
            organisation.LABEL_REMOVED,
            disclosure.TABLE_NOT_RECORDED,
            organisation.ACCOUNT_NOT_DELIVERING,
        ),
        (signins.PLANNED_MAINTENANCE,),
    ),
    Chapter(
        (
            signins.ROOT_SIGN_IN,
            defences.LOG_BUCKET_LIFECYCLE,
            exposure.SSH_OPENED_AND_CLOSED,
            reading.SECRET_READ_BY_PERSON,
            deliveries.DAY_WITHOUT_LOGS,
            disclosure.TABLE_NOT_RECORDED,
            organisation.ACCOUNT_NOT_DELIVERING,
        ),
        (identities.EMERGENCY_DRILL,),
    ),
    Chapter(
        (
            signins.USER_SIGN_IN_WITHOUT_MFA,
            signins.PASSWORD_SPRAYING,
            access.MFA_RESTORED,
            exposure.BUCKET_POLICY_REVERTED,
            disclosure.TABLE_NOT_RECORDED,
            organisation.ACCOUNT_NOT_DELIVERING,
        ),
        (access.DEVICE_REPLACED,),
    ),
    Chapter(
        (
            signins.USER_SIGN_IN_WITHOUT_MFA,
            access.ADMIN_ROLE,
            defences.DETECTOR_DISABLED,
            exposure.REMOTE_DESKTOP_OPENED,
            deliveries.RECORD_ALTERED,
            disclosure.TABLE_NOT_RECORDED,
            organisation.ACCOUNT_NOT_DELIVERING,
        ),
    ),
)
"""Of the month before the last, of the one before that, and so on; months further back take them in turn."""


def chapter(months_back: int) -> Chapter:
    """Return what happens so many months before the last."""
    return EARLIER_MONTHS[(months_back - 1) % len(EARLIER_MONTHS)] if months_back else LAST_MONTH
