"""Dates, times and numbers in the language of a document, from the Unicode CLDR data that Babel ships."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from comprova.catalog.text import Language
from comprova.documents.messages import Messages
from comprova.evidence.model import Scope

_STEP = 1024
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


@dataclass(frozen=True, slots=True)
class Localized:
    """How one language writes figures and dates: separators by CLDR, patterns of dates by its catalogue."""

    language: Language
    messages: Messages

    def number(self, value: int) -> str:
        """Return a whole number with its separators."""
        return format_decimal(value, locale=self.language)

    def percent(self, part: int, whole: int) -> str:
        """Return a share to a tenth, cut and not rounded, so that 100 % is only ever said of all."""
        tenths = part * 1000 // whole if whole else 0
        return format_percent(tenths / 1000, "#,##0.#%", locale=self.language)

    def size(self, value: int) -> str:
        """Return a number of bytes in the unit that fits it."""
        amount, unit = float(value), 0
        while amount >= _STEP and unit < len(_UNITS) - 1:
            amount, unit = amount / _STEP, unit + 1
        return f"{format_decimal(amount, '#,##0.#' if unit else '#,##0', locale=self.language)} {_UNITS[unit]}"

    def money(self, amount: float, currency: str) -> str:
        """Return an amount with the code of its currency, to the hundredth, or further where it is that small."""
        return f"{currency} {format_decimal(amount, '#,##0.00##', locale=self.language)}"

    def day(self, value: date) -> str:
        """Return a day with the month's name."""
        return self._dated("date.day", value)

    def short_day(self, value: date) -> str:
        """Return day and month in short, for an axis."""
        return format_date(value, self.messages.text("date.axis"), locale=self.language)

    def instant(self, value: datetime) -> str:
        """Return an aware moment in UTC, to the minute, with its zone named."""
        moment = value.astimezone(ZoneInfo("UTC"))
        return f"{self.day(moment.date())}, {format_datetime(moment, 'HH:mm', locale=self.language)} UTC"

    def moment(self, value: datetime, time_zone: str) -> str:
        """Return an aware moment in a time zone, to the minute, with the zone named."""
        local = value.astimezone(ZoneInfo(time_zone))
        return f"{self.day(local.date())}, {format_datetime(local, 'HH:mm', locale=self.language)} ({time_zone})"

    def days(self, scope: Scope) -> str:
        """Return the days of a period, first and last, in the time zone in which it is cut."""
        zone = ZoneInfo(scope.time_zone)
        first = scope.start.astimezone(zone).date()
        last = (scope.end.astimezone(zone) - timedelta(microseconds=1)).date()
        if first == last:
            return self.day(first)
        if (first.year, first.month) == (last.year, last.month):
            start, joined = self._dated("date.from.month", first), "date.range.month"
        else:
            start = self._dated("date.from.year", first) if first.year == last.year else self.day(first)
            joined = "date.range"
        return self.messages.text(joined, first=start, last=self.day(last))

    def _dated(self, key: str, value: date) -> str:
        """Write a day as the catalogue has it: the first of a month may have a form of its own."""
        pattern = self.messages.text(f"{key}.first" if value.day == 1 else key)
        return format_date(value, pattern, locale=self.language)


def autonym(language: Language) -> str:
    """Return how a language names itself, such as `português (Brasil)`; its tag where CLDR does not know it."""
    try:
        return Locale.parse(language).get_display_name() or language.tag
    except (UnknownLocaleError, ValueError):
        return language.tag
