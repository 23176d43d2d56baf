"""Which incidents are planted in which month, and their records by day."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from comprova.period import zone
from comprova.sample.callers import JsonObject
from comprova.sample.company import TIME_ZONE
from comprova.sample.facts import Incident
from comprova.sample.ids import Chance
from comprova.sample.incidents import access, defences, destruction, exposure, reading, signins
from comprova.sample.incidents.scene import Scene, Script
from comprova.sample.rhythm import Month

LAST_MONTH: tuple[Script, ...] = (
    signins.ROOT_SIGN_IN,
    signins.ROOT_ACCESS_KEY,
    signins.USER_SIGN_IN_WITHOUT_MFA,
    signins.PASSWORD_GUESSING,
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
)

EARLIER_MONTHS: tuple[tuple[Script, ...], ...] = (
    (
        signins.USER_SIGN_IN_WITHOUT_MFA,
        signins.PASSWORD_SPRAYING,
        access.USER_WITH_PASSWORD,
        defences.RETENTION_CUT,
        exposure.DATABASE_SNAPSHOT_PUBLIC,
        destruction.KEY_DISABLED_BRIEFLY,
        reading.READS_ON_HOLIDAY,
    ),
    (
        signins.USER_SIGN_IN_WITHOUT_MFA,
        access.ADMIN_ROLE,
        exposure.REMOTE_DESKTOP_OPENED,
        reading.SECRET_READ_BY_PERSON,
    ),
)
"""Of the month before the last, and of the one before that; older months take them in turn."""


@dataclass(frozen=True, slots=True)
class Planted:
    """All incidents of a sample.

    Attributes:
        incidents: In order of months.
        records: Their records and those of their near misses, by day in the company's time zone.
    """

    incidents: tuple[Incident, ...]
    records: Mapping[date, list[JsonObject]]


def plant(seed: int, calendar: tuple[Month, ...]) -> Planted:
    """Play the scripts of every month.

    Args:
        seed: The seed of the sample; each scene draws from its own part of it.
        calendar: The months, oldest first.
    """
    incidents: list[Incident] = []
    records: dict[date, list[JsonObject]] = defaultdict(list)
    local = zone(TIME_ZONE)
    for months_back, month in zip(range(len(calendar) - 1, -1, -1), calendar, strict=True):
        scripts = EARLIER_MONTHS[(months_back - 1) % len(EARLIER_MONTHS)] if months_back else LAST_MONTH
        for script in scripts:
            scene = Scene(Chance(f"{seed}/{month.label}/{script.id}"), month)
            script.play(scene)
            if not scene.shown:
                continue
            incidents.append(script.incident(scene))
            for record in (*scene.shown, *(record for _, missed in scene.missed for record in missed)):
                day = datetime.fromisoformat(str(record["eventTime"])).astimezone(local).date()
                records[day].append(record)
    return Planted(tuple(incidents), records)
