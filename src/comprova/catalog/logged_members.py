"""How CloudTrail spells the members of a request or response that an API model describes.

CloudTrail writes member names with a small first letter, and lists as JSON arrays. Three families differ. EC2 wraps
lists in `items`, names the lists of a request `…Set`, and wraps newer requests and responses whole. Services of the
`query` protocol leave out the structure that wraps a response. S3 logs XML and headers as they were sent. The rules
hold for all but some 2 in 100 of the 1,800 paths in public records of 437 events; the rest are in no model at all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from comprova.catalog.api_models import ServiceModel
from comprova.catalog.aws_names import Spelling

Part = Literal["request", "response"]

ELEMENT = "[]"
"""The step of a path that goes from a list to one of its elements, whatever its position."""

_IDS = re.compile(r"(?:Id|Name)?s?\Z")  # InstanceIds is logged as instancesSet
_EC2_LIST_WRAPPERS = ("items", "item")
_EC2_WHOLE_ELEMENT = ("tag", "content")  # of a wrapped request: {"GroupId": {"tag": 1, "content": "sg-1"}}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a path has come to: a type of the model, and how its members are written from here on."""

    shape: Mapping[str, Any]
    as_modelled: bool


@dataclass(frozen=True, slots=True)
class UnknownStep:
    """The first step of a path that the model does not have.

    Attributes:
        position: Which step, from 0.
        known: The steps that would be known there.
    """

    position: int
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoggedMembers:
    """The members of one operation, in CloudTrail's spelling.

    Attributes:
        model: The service.
        operation: The operation's name in the model.
        spelling: How the event source writes member names.
    """

    model: ServiceModel
    operation: str
    spelling: Spelling

    def unknown_step(self, part: Part, path: Sequence[str]) -> UnknownStep | None:
        """Return the first step of a path that the operation does not have, or None where it has them all.

        Beneath text anything goes, because CloudTrail logs some policies as objects, and beneath a map any key.
        """
        places = [_Place(self._top(part), self.spelling is Spelling.AS_MODELLED)]
        for position, step in enumerate(path):
            known: dict[str, None] = {}
            reached: list[_Place] = []
            for place in places:
                for name, next_place in self._steps(place, part, first=position == 0, step=step):
                    known.setdefault(name)
                    if name == step:
                        reached.append(next_place)
            if not reached:
                return UnknownStep(position, tuple(known))
            places = reached
        return None

    def _top(self, part: Part) -> Mapping[str, Any]:
        reference = self.model.operations[self.operation].get("input" if part == "request" else "output")
        return self._shape(reference) if reference else {"type": "structure", "members": {}}

    def _shape(self, reference: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.model.shapes[reference["shape"]]

    def _steps(self, place: _Place, part: Part, *, first: bool, step: str) -> Iterator[tuple[str, _Place]]:
        match place.shape["type"]:
            case "structure":
                yield from self._members(place, part)
                if step == ELEMENT and self.spelling is Spelling.AS_SENT:
                    yield step, place
                if first:
                    yield from self._wrappers(place, part)
            case "list":
                yield from self._beneath_list(place, part, step)
            case "map":
                yield step, _Place(self._shape(place.shape["value"]), place.as_modelled)
            case "string":
                yield step, place

    def _members(self, place: _Place, part: Part) -> Iterator[tuple[str, _Place]]:
        for name, reference in place.shape["members"].items():
            target = _Place(self._shape(reference), place.as_modelled)
            for spelled in self._spellings(name, reference, target, part):
                yield spelled, target

    def _spellings(self, name: str, reference: Mapping[str, Any], target: _Place, part: Part) -> Iterator[str]:
        location = str(reference.get("locationName", name))
        yield _lower_first(name)
        if target.as_modelled:
            yield name
            yield location
        if self.spelling is Spelling.AS_SENT:
            yield location
        elif self.model.protocol == "ec2":
            yield _lower_first(location)
            if part == "request" and target.shape["type"] == "list":
                for stem in (_lower_first(name), _lower_first(location)):
                    thing = _IDS.sub("", stem)
                    yield from (f"{stem}Set", f"{thing}Set", f"{thing}sSet")
        elif self.model.protocol == "rest-json":
            yield location

    def _wrappers(self, place: _Place, part: Part) -> Iterator[tuple[str, _Place]]:
        """Yield what stands at the top of a request or response beside the model's own members."""
        if self.model.protocol == "ec2":
            yield f"{self.operation}{part.title()}", _Place(place.shape, as_modelled=True)
        if part == "request":
            yield f"{_lower_first(self.operation)}Input", place
        if self.spelling is Spelling.AS_SENT and part == "request":
            _, _, sub_resource = str(self.model.operations[self.operation]["http"]["requestUri"]).partition("?")
            for name in filter(None, re.split(r"[=&]", sub_resource)):
                yield name, _Place({"type": "string"}, as_modelled=False)
        if self.model.protocol == "query" and part == "response":
            for reference in place.shape["members"].values():
                inner = _Place(self._shape(reference), place.as_modelled)
                if inner.shape["type"] == "structure":
                    yield from self._members(inner, part)

    def _beneath_list(self, place: _Place, part: Part, step: str) -> Iterator[tuple[str, _Place]]:
        element = _Place(self._shape(place.shape["member"]), place.as_modelled)
        yield ELEMENT, element
        if self.model.protocol == "ec2":
            yield from ((name, place) for name in _EC2_LIST_WRAPPERS)
            if place.as_modelled:
                yield from ((name, element) for name in _EC2_WHOLE_ELEMENT)
                yield from self._steps(element, part, first=False, step=step)
        if self.spelling is Spelling.AS_SENT:
            # XML: the element has a name of its own, and a list of one is logged as that one.
            yield str(place.shape["member"].get("locationName", "member")), place
            yield from self._steps(element, part, first=False, step=step)


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
