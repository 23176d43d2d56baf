"""Closed lists: what became of a log file, and how a record can fail to fit the table."""

from enum import StrEnum


class FileState(StrEnum):
    """What became of a log file: read, or the reason why none of its records is in `records`."""

    READ = "read"
    GZIP_CUT = "gzip_cut"
    """The compressed data end early."""
    GZIP_NO_TRAILER = "gzip_no_trailer"
    """The compressed data are whole, but the length and checksum that must follow them are missing or cut."""
    GZIP_DAMAGED = "gzip_damaged"
    """The compressed data, their checksum or their length are wrong."""
    GZIP_FOLLOWED = "gzip_followed"
    """Something follows the compressed data: a second gzip member or other bytes. CloudTrail writes one member."""
    TOO_LARGE = "too_large"
    """Larger, compressed or inflated, than is read into memory."""
    NOT_JSON = "not_json"
    NO_RECORDS = "no_records"
    """JSON, but not one object with one array `Records`."""
    UNREADABLE = "unreadable"
    """The file could not be opened or read whole; it is tried again by the next run."""
    CHANGED = "changed"
    """The file is not as it was listed: it was changed or removed meanwhile; it is read by the next run."""


class Misfit(StrEnum):
    """How a member of a record does not fit its column. The record's row and its other members are kept."""

    NOT_OBJECT = "not_object"
    """Something else where an object is expected: the column is NULL."""
    NOT_ARRAY = "not_array"
    """Something else where an array is expected: the column is NULL."""
    NOT_TEXT = "not_text"
    """An object or array where text is expected: the column holds its JSON text."""
    DUPLICATE_MEMBER = "duplicate_member"
    """The same member twice, also when told apart by case only, as in Athena: the column holds the last."""
    NO_COLUMN = "no_column"
    """A member for which the table has no column: it is in the log file only."""
    NOT_UNICODE = "not_unicode"
    """Bytes that are not UTF-8, or half a surrogate pair: U+FFFD stands in their place."""
    TOO_DEEP = "too_deep"
    """Nested more deeply than can be checked: a payload column holds the text unchecked."""
