"""How many rows each question may show, so that a document stays bounded whatever the logs hold."""

from collections.abc import Sequence


def shares(wanted: Sequence[int], most: int) -> list[int]:
    """Share out rows: who wants few gets all of them, the others as many as each other; never more than `most` in all.

    Args:
        wanted: Rows that each question has to show.
        most: Rows of the whole document.

    Returns:
        Rows that each question may show, in the same order.
    """
    given = [0] * len(wanted)
    left = most
    smallest_first = sorted(range(len(wanted)), key=lambda number: wanted[number])
    for place, number in enumerate(smallest_first):
        given[number] = min(wanted[number], left // (len(wanted) - place))
        left -= given[number]
    return given
