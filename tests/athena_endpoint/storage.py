"""The objects that moto keeps, seen from inside: what AWS's own services see without a request over HTTP."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import FakeDeleteMarker, S3Backend, s3_backends
from moto.s3.utils import _VersionedKeyStore

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket

_SCHEME = "s3://"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it is now.

    Attributes:
        etag: Tells one content from another.
        size: Bytes.
    """

    etag: str
    size: int


def split_uri(uri: str) -> tuple[str, str]:
    """Return the bucket and the key, or the prefix of keys, of `s3://bucket/key`."""
    bucket, _, key = uri.removeprefix(_SCHEME).partition("/")
    return bucket, key


class _RecordingKeyStore(_VersionedKeyStore):
    """Moto's keys of a bucket; remembers which of them were written or deleted."""

    def __init__(self, keys: _VersionedKeyStore) -> None:
        super().__init__(keys)
        self._changed = set(keys)
        self._lock = threading.Lock()

    def take_changed(self) -> set[str]:
        """Return the keys that changed since the last call."""
        with self._lock:
            changed, self._changed = self._changed, set()
        return changed

    def _note(self, key: str) -> None:
        with self._lock:
            self._changed.add(key)

    def __setitem__(self, key: str, value: Any) -> Any:
        super().__setitem__(key, value)
        self._note(key)

    def setlist(self, key: str, list_: Any) -> Any:
        super().setlist(key, list_)
        self._note(key)

    def pop(self, key: str) -> None:  # type: ignore[override]  # as moto's own
        super().pop(key)
        self._note(key)


class Storage:
    """All buckets of the account; every method is safe to call from any thread."""

    @property
    def _backend(self) -> S3Backend:
        return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]

    def has_bucket(self, bucket: str) -> bool:
        """Tell whether a bucket is there."""
        return bucket in self._backend.buckets

    def changed_keys(self, bucket: str) -> set[str]:
        """Return the keys that were written or deleted since the last call; all of them the first time."""
        found = self._backend.buckets.get(bucket)
        if found is None:
            return set()
        if not isinstance(found.keys, _RecordingKeyStore):
            found.keys = _RecordingKeyStore(found.keys)
        return found.keys.take_changed()

    def head(self, bucket: str, key: str) -> StoredObject | None:
        """Return what is under a key, or None."""
        found = self._key(bucket, key)
        return None if found is None else StoredObject(found.etag, found.contentsize)

    def get(self, bucket: str, key: str) -> bytes | None:
        """Return the content under a key, or None."""
        found = self._key(bucket, key)
        return None if found is None else bytes(found.value)

    def put(self, bucket: str, key: str, data: bytes, kms_key: str | None = None) -> None:
        """Write an object, encrypted with a key of KMS if one is named."""
        encryption = "aws:kms" if kms_key else None
        self._backend.put_object(bucket, key, data, encryption=encryption, kms_key_id=kms_key)

    def delete(self, bucket: str, key: str) -> None:
        """Delete an object."""
        self._backend.delete_object(bucket, key)

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with a prefix and have an object."""
        found = self._backend.buckets.get(bucket)
        for key in sorted(dict(found.keys) if found else ()):
            if key.startswith(prefix) and self._key(bucket, key) is not None:
                yield key

    def _key(self, bucket: str, key: str) -> Any:
        found: FakeBucket | None = self._backend.buckets.get(bucket)
        stored = found.keys.get(key) if found else None
        return None if isinstance(stored, FakeDeleteMarker) else stored
