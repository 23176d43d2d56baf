"""Whether the store of a job is where it should be, and lets itself be written, read, listed and cleared."""

import uuid
from collections.abc import Iterator

from comprova.engines.athena.access import Access
from comprova.engines.athena.place import S3Place
from comprova.errors import ComprovaError, Problem
from comprova.jobs.diagnosis import Diagnosis, Verdict, tried
from comprova.jobs.sources import AthenaSource

_PROBE = b"comprova doctor wrote this to try whether it may.\n"


def diagnose_store(source: AthenaSource, access: Access) -> Iterator[Diagnosis]:
    """Write an object, write it again on the condition that it is new, list, read and delete it."""
    store = source.place().store
    yield tried("store's region", lambda: _region(source, access, store))
    probe = store.below("doctor", f"probe-{uuid.uuid4().hex}")
    key = f", encrypted with {source.kms_key}" if source.kms_key else ""
    written = tried("store: write", lambda: _write(access, probe, key))
    yield written
    if written.verdict is not Verdict.OK:
        yield Diagnosis("store: all else", Verdict.UNKNOWN, "nothing could be written to try it with")
        return
    yield tried("store: write once", lambda: _write_again(access, probe))
    yield tried("store: read", lambda: _read(access, probe, key))
    yield tried("store: list", lambda: _list(access, probe))
    yield tried("store: delete", lambda: _delete(access, probe))


def _region(source: AthenaSource, access: Access, store: S3Place) -> str:
    region = access.bucket_region(store.bucket, source.store_owner)
    if region != source.region:
        hint = "Athena writes results only to a bucket in its own region: choose another bucket, or another `region`."
        raise ComprovaError(Problem(f"s3://{store.bucket}", f"a bucket in {source.region}", f"in {region}", hint))
    return f"s3://{store.bucket} is in {region}, as Athena is"


def _write(access: Access, probe: S3Place, key: str) -> str:
    access.put(probe, _PROBE)
    return f"wrote {probe.uri}{key}"


def _write_again(access: Access, probe: S3Place) -> str:
    if access.put(probe, _PROBE, only_new=True):
        hint = "Loads are published with If-None-Match: use a store that honours it, as Amazon S3 does."
        raise ComprovaError(Problem(probe.uri, "to be refused, as it is there already", "written again", hint))
    return "a second write on condition that it is the first was refused, as it should be"


def _read(access: Access, probe: S3Place, key: str) -> str:
    if access.get(probe) != _PROBE:
        raise ComprovaError(Problem(probe.uri, "what was written", "something else"))
    return f"read it{key and ', decrypted'}"


def _list(access: Access, probe: S3Place) -> str:
    if not access.holds(probe):
        raise ComprovaError(Problem(probe.uri, "to be listed", "no such key in the listing"))
    return "listed it"


def _delete(access: Access, probe: S3Place) -> str:
    access.delete(probe)
    return "deleted it"
