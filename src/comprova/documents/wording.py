"""Says the closed lists of the evidence in words: outcomes, extents, states, reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from comprova.catalog.framework import PARAMETER_PREFIX
from comprova.catalog.needs import is_need
from comprova.catalog.text import Language
from comprova.documents.display import Display, Shown
from comprova.documents.localized import Localized
from comprova.documents.messages import Messages, read_messages
from comprova.evidence.model import Reason
from comprova.evidence.outcomes import WORST_FIRST, Outcome

_MOST_LISTED = 12
_BYTES = "limit"
_MOMENT = "closes"
_DAYS = ("wanted", "reaches")
_FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language for what the evidence says in codes."""

    messages: Messages
    localized: Localized
    display: Display

    def word(self, member: StrEnum) -> Shown:
        """Return the word of a member of a closed list: an outcome, an extent, a standing, a severity and so on."""
        return self.messages.text(f"{_list_name(member)}.{member.value}")

    def meaning(self, member: StrEnum) -> Shown:
        """Return what that word means, in one sentence."""
        return self.messages.text(f"{_list_name(member)}.{member.value}.meaning")

    def counts(self, counts: Mapping[Outcome, int]) -> Shown:
        """Return how many queries have each outcome, worst first."""
        said = [
            self.messages.counted(f"count.{outcome.value}", counts[outcome], n=self.localized.number(counts[outcome]))
            for outcome in WORST_FIRST
            if counts.get(outcome)
        ]
        return Shown(" · ".join(said))

    def reason(self, reason: Reason) -> Shown:
        """Return a reason as a sentence, from its facts."""
        facts = {name: self._fact(name, value) for name, value in reason.facts.items()}
        numbers = [value for name, value in reason.facts.items() if isinstance(value, int) and name != _BYTES]
        key = f"reason.{reason.code.value}"
        if numbers:
            return self.messages.counted(key, numbers[0], **facts)
        return self.messages.text(key, **facts)

    def file_state(self, state: str) -> Shown:
        """Return why a log file was not read: in words where there are some, else as the evidence says it."""
        return self._known(f"file.{state}", state)

    def misfit(self, reason: str) -> Shown:
        """Return how values did not fit their column: in words where there are some, else as the evidence says it."""
        return self._known(f"misfit.{reason}", reason)

    def _known(self, key: str, code: str) -> Shown:
        return self.messages.text(key) if self.messages.has(key) else self.display.value(code)

    def need(self, need: str) -> Shown:
        """Return a kind of event in words."""
        kind, _, service = need.partition(":")
        if kind == "data":
            return self.messages.text("need.data", service=service)
        return self.messages.text(f"need.{need}")

    def condition(self, condition: str) -> Shown:
        """Return a condition of a requirement in words."""
        if is_need(condition):
            return self.need(condition)
        name = condition.removeprefix(PARAMETER_PREFIX)
        if name != condition:
            return self.messages.text("condition.parameter", name=name)
        return self.messages.text(f"condition.{condition}")

    def conditions(self, conditions: Iterable[str]) -> Shown:
        """Return conditions of a requirement in words, with commas between them."""
        return self.list(self.condition(one) for one in conditions)

    def list(self, items: Iterable[str]) -> Shown:
        """Return items with commas between them; of many, the first and how many more there are."""
        known = list(items)
        said = [self.display.value(item) for item in known[:_MOST_LISTED]]
        if more := len(known) - len(said):
            said.append(self.messages.counted("list.more", more, n=self.localized.number(more)))
        return Shown(", ".join(said))

    def _fact(self, name: str, value: str | int | tuple[str, ...]) -> str:
        if isinstance(value, int):
            return self.localized.size(value) if name == _BYTES else self.localized.number(value)
        if isinstance(value, tuple):
            return (
                self.list(self.messages.text(f"figure.{item}") for item in value)
                if name == _FIGURES
                else self.list(value)
            )
        if name == _MOMENT:
            return self.localized.instant(datetime.fromisoformat(value))
        if name in _DAYS and value:
            return self.localized.day(date.fromisoformat(value))
        return self.need(value) if name == "need" else self.display.value(value)


def wording_of(templates: Path, language: Language, display: Display) -> Wording:
    """Read the words of a language.

    Raises:
        ContentError: The templates have no catalogue of that language.
    """
    messages = read_messages(templates, language, display)
    return Wording(messages, Localized(language, messages), display)


def _list_name(member: StrEnum) -> str:
    name = type(member).__name__
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
