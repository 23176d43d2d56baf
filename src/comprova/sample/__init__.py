"""Sample logs of an invented Brazilian payments company, with planted, known incidents."""

from comprova.sample.facts import Explained, Incident, NearMiss, Row, SampleFacts, Text
from comprova.sample.generate import generate, story

__all__ = ["Explained", "Incident", "NearMiss", "Row", "SampleFacts", "Text", "generate", "story"]
