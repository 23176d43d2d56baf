"""Which incidents happen in which month: some recur, some go away, some come back."""

from dataclasses import dataclass

from comprova.sample.incidents import access, defences, deliveries, destruction, exposure, reading, signins
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
        ),
    ),
    Chapter(
        (
            signins.USER_SIGN_IN_WITHOUT_MFA,
            signins.PASSWORD_SPRAYING,
            access.MFA_RESTORED,
            exposure.BUCKET_POLICY_REVERTED,
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
        ),
    ),
)
"""Of the month before the last, of the one before that, and so on; months further back take them in turn."""


def chapter(months_back: int) -> Chapter:
    """Return what happens so many months before the last."""
    return EARLIER_MONTHS[(months_back - 1) % len(EARLIER_MONTHS)] if months_back else LAST_MONTH
