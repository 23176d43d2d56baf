"""Calls that programs and services make again and again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from comprova.sample.callers import Caller, JsonObject
from comprova.sample.company import Region
from comprova.sample.ids import Chance
from comprova.sample.records import Call, api_call, look
from comprova.sample.rhythm import EVEN_HOURS, batch_times, count_of, is_business_day

_EC2_THROTTLED = ("Client.RequestLimitExceeded", "Request limit exceeded.")
_THROTTLED = ("ThrottlingException", "Rate exceeded")


@dataclass(frozen=True, slots=True)
class Routine:
    """Calls that a program makes again and again.

    Attributes:
        who: The program, at a moment.
        calls: What it may call; one is drawn each time.
        per_day: How many calls on a business day.
        idle: The share of them on other days.
        burst: How many calls follow each other within seconds.
        throttled: The share of calls that are refused for their rate and made again.
        hours: How the calls spread over the hours of a day.
    """

    who: Callable[[datetime], Caller]
    calls: tuple[Call, ...]
    per_day: float
    idle: float = 1.0
    burst: int = 1
    throttled: float = 0.0
    hours: tuple[int, ...] = EVEN_HOURS

    def records(self, chance: Chance, day: date) -> Iterator[JsonObject]:
        """Yield the records of a local day."""
        count = count_of(chance, self.per_day / self.burst * (1 if is_business_day(day) else self.idle))
        for start in batch_times(chance, day, self.hours, count):
            for number in range(self.burst):
                moment = start + timedelta(seconds=number)
                caller, call = self.who(moment), chance.choice(self.calls)
                if chance.random() < self.throttled:
                    refusal = _EC2_THROTTLED if call.service == "ec2" else _THROTTLED
                    yield api_call(chance, caller, moment, replace(call, refusal=refusal))
                    moment += timedelta(seconds=1)
                yield api_call(chance, caller, moment, call)


def reads(service: str, region: Region, *names: str) -> tuple[Call, ...]:
    """Return calls that look at everything there is."""
    return tuple(look(service, name, region) for name in names)
