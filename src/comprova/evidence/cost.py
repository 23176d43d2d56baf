"""`cost.json`: what the statements of a run scanned, and what that costs. Only an engine that bills has one."""

from typing import Literal

from comprova.evidence.model import FORMAT, Fact


class CostStep(Fact):
    """One step of a run.

    Attributes:
        step: `load`, `activity`, `deliveries`, `measures`, or the id of a query.
        statements: That were started for it in this revision, failed and stopped ones included.
        bytes_scanned: By these, as the engine tells.
        billed_bytes: Of these, rounded and with the least amount of a statement, as the engine bills them.
        amount: Of the billed bytes, in the currency of the cost.
    """

    step: str
    statements: int
    bytes_scanned: int
    billed_bytes: int
    amount: float


class Cost(Fact):
    """What a run scanned, step by step. Requests to the store of objects are not in it.

    Attributes:
        engine: As it names itself, such as `Athena engine version 3`.
        price_per_tb: Of scanning 10^12 bytes, as the job says.
        currency: ISO 4217 code.
        steps: In the order of the run; queries by id.
    """

    format: Literal[1] = FORMAT
    engine: str
    price_per_tb: float
    currency: str
    steps: tuple[CostStep, ...]

    @property
    def statements(self) -> int:
        """Statements of all steps."""
        return sum(step.statements for step in self.steps)

    @property
    def bytes_scanned(self) -> int:
        """Bytes scanned in all steps."""
        return sum(step.bytes_scanned for step in self.steps)

    @property
    def billed_bytes(self) -> int:
        """Bytes billed for all steps."""
        return sum(step.billed_bytes for step in self.steps)

    @property
    def amount(self) -> float:
        """Of all steps, in the currency."""
        return sum(step.amount for step in self.steps)
