"""What the AWS API models know of regions."""

from functools import cache
from typing import TYPE_CHECKING

from comprova.errors import ComprovaError, Problem

if TYPE_CHECKING:
    from botocore.session import Session


@cache
def _session() -> "Session":
    from botocore.session import Session

    return Session()


def partition_of(region: str) -> str:
    """Return the partition of a region, the second part of its ARNs: `aws`, `aws-cn`, `aws-us-gov`.

    Raises:
        ComprovaError: botocore does not know the region.
    """
    from botocore.exceptions import UnknownRegionError

    try:
        return str(_session().get_partition_for_region(region))
    except UnknownRegionError as error:
        hint = "If it is new, install a newer botocore."
        raise ComprovaError(Problem("region", "a region that botocore knows", repr(region), hint)) from error


def cloudtrail_regions(region: str) -> tuple[str, ...]:
    """Return every region of a region's partition that has CloudTrail, sorted.

    The list is botocore's and may lack a region that AWS has just opened: `comprova doctor` compares it with what lies
    in the bucket.
    """
    return tuple(sorted(_session().get_available_regions("cloudtrail", partition_of(region))))
