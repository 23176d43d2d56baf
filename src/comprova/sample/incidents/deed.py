"""The commonest form of an incident: a person changes something in office hours, and something else only looks so."""

from dataclasses import dataclass, replace
from datetime import timedelta

from comprova.sample.company import Account, Person
from comprova.sample.facts import Text
from comprova.sample.incidents.scene import REFUSED, Scene
from comprova.sample.records import Call, denied

_LATER = timedelta(minutes=14)


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A call beside a deed that only looks like it.

    Attributes:
        reason: Why it is none.
        call: What is called; a refused call has an answer of its own.
        who: Who calls; None for whoever did the deed.
        after: How long after the deed.
        refuses: The IAM action and the resource of a call that was refused; None for one that was not.
    """

    reason: Text
    call: Call
    who: Person | None = None
    after: timedelta = _LATER
    refuses: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does what, and when.

    Attributes:
        who: A person in the console, in the office.
        when: Number of the business day, hour and minute, local time.
        calls: What is called, some seconds apart.
        finds: Exception queries that should have a row for each of the calls.
        near: What only looks like it.
        account: Where.
        first: Exception queries that should have one row for all of the calls, named by the first.
    """

    who: Person
    when: tuple[int, int, int]
    calls: tuple[Call, ...]
    finds: tuple[str, ...]
    near: tuple[Lookalike, ...]
    account: Account = Account.PRODUCTION
    first: tuple[str, ...] = ()

    def __call__(self, scene: Scene) -> None:
        """Write the records of the deed and of what looks like it."""
        moment = scene.when(*self.when)
        caller = scene.person(self.who, self.account, moment)
        scene.show(caller, moment, *self.calls, finds=self.finds, first=self.first)
        for other in self.near:
            who = scene.person(other.who or self.who, self.account, moment)
            refusal = denied(who, *other.refuses) if other.refuses else None
            scene.miss(other.reason, who, moment + other.after, replace(other.call, refusal=refusal))


def refused(who: Person, call: Call, action: str, resource: str) -> Lookalike:
    """Return a call that IAM refused to someone, shortly before the deed.

    Args:
        who: Someone who may not do it.
        call: What was called.
        action: The IAM action, as `kms:DisableKey`.
        resource: The ARN of what it was to act on.
    """
    return Lookalike(REFUSED, replace(call, response=None), who, -_LATER, (action, resource))
