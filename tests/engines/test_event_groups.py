"""The group that `activity.sql` gives an event is the one by which statements are narrowed."""

from comprova.sql.event_groups import FREQUENT, SERVICES, group_of, is_frequent, service_of
from engines.conftest import Build
from engines.whole_records import KEY_CALL, log_file

_SOURCES = (
    *(f"{service}.amazonaws.com" for service in SERVICES),
    *("", "iam", "IAM.amazonaws.com", "iam.amazonaws.com.", "x.iam.amazonaws.com", "iam_amazonaws.com", "new.aws"),
)
_NAMES = (
    *FREQUENT,
    *(f"{beginning}Thing" for beginning in FREQUENT),
    *(beginning[:-1] for beginning in FREQUENT),
    *(beginning.lower() for beginning in FREQUENT),
    *(f"\n{beginning}" for beginning in FREQUENT),
    *("", "Delete", "CreateUser", "UpdateFunctionCode20150331v2", "É"),
)


def test_the_view_and_the_compiler_agree_on_groups(build: Build) -> None:
    """For every service and beginning that there is, those nearly like them, and none."""
    pairs = [(source, name) for source in _SOURCES for name in _NAMES]
    records = [
        {**KEY_CALL, "eventID": f"id-{number}", "eventSource": source, "eventName": name}
        for number, (source, name) in enumerate(pairs)
    ]
    rows = build([(log_file(), one) for one in records]).activity
    assert len(rows) == len(pairs)
    assert [
        (source, name, row["event_group"])
        for row in rows
        for source, name in [(row["event_source"], row["event_name"])]
        if row["event_group"] != group_of(service_of(source), frequent=is_frequent(name))
    ] == []
