"""Which accounts one trail may record: those whose log files lie in the folder of one organization."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_FOLDER = re.compile(r"AWSLogs/(?:(?P<organization>o-[^/]+)/)?(?P<account>[^/]+)/CloudTrail/")


@dataclass(frozen=True, slots=True)
class Organizations:
    """The accounts of each organization's folder.

    The trail of an organization delivers there (CloudTrail User Guide, "Finding your CloudTrail log files").

    Attributes:
        members: By organization, accounts with log files in its folder.
        witnesses: Of these, the accounts without log files elsewhere: what is recorded of them, its trail recorded.
    """

    members: Mapping[str, frozenset[str]]
    witnesses: Mapping[str, frozenset[str]]

    def beside(self, account: str) -> frozenset[str]:
        """Return the accounts that a trail of an account may record besides it."""
        return frozenset().union(*(own for own in self.members.values() if account in own)) - {account}

    def speaking_for(self, account: str) -> frozenset[str]:
        """Return the accounts of which an event shows that a trail of an account's organization was recording."""
        return frozenset().union(
            *(self.witnesses[name] for name, own in self.members.items() if account in own),
        )


NONE = Organizations({}, {})
"""No organization's trail delivers."""


def organizations_of(log_files: Iterable[str]) -> Organizations:
    """Read the organizations from the names of log files, from `AWSLogs/` on."""
    folders: dict[str, set[str]] = defaultdict(set)
    for log_file in log_files:
        if match := _FOLDER.match(log_file):
            folders[match["account"]].add(match["organization"] or "")
    members: dict[str, set[str]] = defaultdict(set)
    for account, names in folders.items():
        for name in names - {""}:
            members[name].add(account)
    return Organizations(
        {name: frozenset(own) for name, own in members.items()},
        {name: frozenset(one for one in own if folders[one] == {name}) for name, own in members.items()},
    )
