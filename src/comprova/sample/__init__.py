"""Sample logs of an invented Brazilian payments company, with planted, known incidents."""

from comprova.sample.facts import Incident, NearMiss, SampleFacts, Text
from comprova.sample.generate import generate

__all__ = ["Incident", "NearMiss", "SampleFacts", "Text", "generate"]
