"""What Athena and S3 charge. Prices are facts of a date; the price of scanning is the job's to say.

Athena: "You are charged for the number of bytes scanned per query, rounded up to the nearest megabyte, with a 10 MB
minimum per query. There are no charges for Data Definition Language (DDL) statements …, or failed queries. Cancelled
queries are charged based on the amount of data scanned" (https://aws.amazon.com/athena/pricing/). EXPLAIN scans nothing
and is not charged (Amazon Athena User Guide, "Using EXPLAIN and EXPLAIN ANALYZE in Athena").
"""

from collections.abc import Iterable
from dataclasses import dataclass

from comprova.evidence.cost import CostStep

MEGABYTE = 10**6
TERABYTE = 10**12
"""AWS does not say whether its terabyte is 10^12 or 2^40 bytes; the smaller one never tells less than the bill."""
LEAST_BILLED = 10 * MEGABYTE

LIST_USD, GET_USD = 0.005 / 1000, 0.0004 / 1000
"""Of one request to S3 Standard in most regions; in others up to twice that. AWS publishes them at
https://aws.amazon.com/s3/pricing/; as of 2020-10-15 in https://the.athena.guide/articles/athena-basics-pricing-model/."""

_AMOUNT_DIGITS = 6


def billed_bytes(scanned: int) -> int:
    """Return the bytes that are billed for one SELECT, UNLOAD or CTAS that scanned so many and did not fail."""
    return max(LEAST_BILLED, -(-scanned // MEGABYTE) * MEGABYTE)


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests to S3 for log files. Those for the store's own, far fewer and larger objects are not counted.

    Attributes:
        lists: LIST, each of up to 1,000 keys.
        gets: GET, one for each log file that Athena reads.
    """

    lists: int
    gets: int

    @property
    def usd(self) -> float:
        """Their price in US dollars."""
        return round(self.lists * LIST_USD + self.gets * GET_USD, _AMOUNT_DIGITS)


@dataclass(frozen=True, slots=True)
class ScanPrice:
    """What scanning costs, as the job says.

    Attributes:
        per_tb: Of 10^12 bytes.
        currency: ISO 4217 code.
    """

    per_tb: float
    currency: str

    def amount(self, billed: int) -> float:
        """Return the price of billed bytes."""
        return round(billed / TERABYTE * self.per_tb, _AMOUNT_DIGITS)

    def step(self, name: str, scanned: Iterable[int], *, unbilled: int = 0) -> CostStep:
        """Return the cost of one step.

        Args:
            name: Of the step, as in `CostStep`.
            scanned: Bytes that each billed statement scanned.
            unbilled: Statements besides these that cost nothing: DDL, EXPLAIN, failed ones.
        """
        each = tuple(scanned)
        billed = sum(map(billed_bytes, each))
        return CostStep(
            step=name,
            statements=len(each) + unbilled,
            bytes_scanned=sum(each),
            billed_bytes=billed,
            amount=self.amount(billed),
        )
