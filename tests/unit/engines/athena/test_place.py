"""Places in S3 are written and read in one way."""

import pytest

from comprova.engines.athena.place import AthenaPlace, S3Place
from comprova.errors import ComprovaError


@pytest.mark.parametrize(
    ("written", "place", "uri"),
    [
        ("s3://bucket", S3Place("bucket", ""), "s3://bucket"),
        ("s3://bucket/", S3Place("bucket", ""), "s3://bucket"),
        ("s3://bucket/a/b/", S3Place("bucket", "a/b"), "s3://bucket/a/b"),
    ],
)
def test_a_place_is_read_and_written(written: str, place: S3Place, uri: str) -> None:
    """A slash at the end makes no other place."""
    assert (S3Place.parse(written), place.uri) == (place, uri)


def test_keys_and_places_below_it() -> None:
    """Parts are joined by single slashes, also below a whole bucket."""
    place = S3Place("bucket", "prefix")
    assert (place.key("a", "b"), place.key()) == ("prefix/a/b", "prefix")
    assert S3Place("bucket", "").key("a") == "a"
    assert place.below("a", "b") == S3Place("bucket", "prefix/a/b")
    assert AthenaPlace("sa-east-1", "comprova", place).results.uri == "s3://bucket/prefix/results"


@pytest.mark.parametrize("written", ["bucket/prefix", "s3:/bucket", "s3://", "https://bucket/prefix", ""])
def test_anything_else_is_refused(written: str) -> None:
    """What is no place in S3 is told as it was written."""
    with pytest.raises(ComprovaError, match="s3://bucket/prefix, found"):
        S3Place.parse(written)
