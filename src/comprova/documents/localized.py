"""Dates, times and numbers in the language of a document, from the Unicode CLDR data that Babel ships."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from comprova.catalog.text import Language
from comprova.evidence.model import Scope

_STEP = 1024
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


@dataclass(frozen=True, slots=True)
class Localized:
    """How one language writes figures and dates."""

    language: Language

    def number(self, value: int) -> str:
        """Return a whole number with its separators."""
        return format_decimal(value, locale=self.language.value)

    def percent(self, part: int, whole: int) -> str:
        """Return a share to a tenth, cut and not rounded, so that 100 % is only ever said of all."""
        tenths = part * 1000 // whole if whole else 0
        return format_percent(tenths / 1000, "#,##0.#%", locale=self.language.value)

    def size(self, value: int) -> str:
        """Return a number of bytes in the unit that fits it."""
        amount, unit = float(value), 0
        while amount >= _STEP and unit < len(_UNITS) - 1:
            amount, unit = amount / _STEP, unit + 1
        return f"{format_decimal(amount, '#,##0.#' if unit else '#,##0', locale=self.language.value)} {_UNITS[unit]}"

    def money(self, amount: float, currency: str) -> str:
        """Return an amount with the code of its currency, to the hundredth, or further where it is that small."""
        return f"{currency} {format_decimal(amount, '#,##0.00##', locale=self.language.value)}"

    def day(self, value: date) -> str:
        """Return a day with the month's name."""
        if self.language is Language.EN:
            return format_date(
                value, "d MMMM y", locale=self.language.value
            )  # day first: the order of ISO and of Europe
        text = format_date(value, "long", locale=self.language.value)
        return text.replace("1", "1º", 1) if value.day == 1 else text

    def short_day(self, value: date) -> str:
        """Return day and month in short, for an axis."""
        return format_date(value, "d MMM" if self.language is Language.EN else "d 'de' MMM", locale=self.language.value)

    def instant(self, value: datetime) -> str:
        """Return an aware moment in UTC, to the minute, with its zone named."""
        moment = value.astimezone(ZoneInfo("UTC"))
        return f"{self.day(moment.date())}, {format_datetime(moment, 'HH:mm', locale=self.language.value)} UTC"

    def moment(self, value: datetime, time_zone: str) -> str:
        """Return an aware moment in a time zone, to the minute, with the zone named."""
        local = value.astimezone(ZoneInfo(time_zone))
        return f"{self.day(local.date())}, {format_datetime(local, 'HH:mm', locale=self.language.value)} ({time_zone})"

    def days(self, scope: Scope) -> str:
        """Return the days of a period, first and last, in the time zone in which it is cut."""
        zone = ZoneInfo(scope.time_zone)
        first = scope.start.astimezone(zone).date()
        last = (scope.end.astimezone(zone) - timedelta(microseconds=1)).date()
        if first == last:
            return self.day(first)
        start = self.day(first)
        if first.year == last.year:
            start = self._without_end(start, first, last)
        joined = " a " if self.language is Language.PT_BR else "\N{EN DASH}" if start.isdigit() else " \N{EN DASH} "
        return f"{start}{joined}{self.day(last)}"

    def _without_end(self, start: str, first: date, last: date) -> str:
        """Leave out of the first day what the last day says again."""
        words = start.split(" de ") if self.language is Language.PT_BR else start.split(" ")
        kept = words[:1] if first.month == last.month else words[:-1]
        return (" de " if self.language is Language.PT_BR else " ").join(kept)


def autonym(language: Language) -> str:
    """Return how a language names itself, such as `português (Brasil)`."""
    return Locale.parse(language.value).get_display_name() or language.tag
