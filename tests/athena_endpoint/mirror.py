"""Keeps a copy of what tables lie over on local disk, where Trino reads it, and takes back what Trino writes."""

import os
import threading
from pathlib import Path

from athena_endpoint.storage import Storage, split_uri
from athena_endpoint.unwrap import DamagedError, unwrap

_DAMAGED = b"damaged\n"
"""What stands in for a file that cannot be unwrapped: reading it fails, and the error names its path."""


_NO_FILE_NAMES = frozenset({"", ".", ".."})


class Mirror:
    """The mirror of all buckets that tables lie in.

    Args:
        root: The folder that Trino takes for S3; `buckets` in it holds one folder per bucket.
        storage: The objects.
    """

    def __init__(self, root: Path, storage: Storage) -> None:
        self._buckets, self._incoming, self._kept = (root / name for name in ("buckets", "incoming", "unwrapped"))
        for folder in (self._buckets, self._incoming, self._kept):
            folder.mkdir(parents=True, exist_ok=True)
        self._storage = storage
        self._lock = threading.RLock()
        self._places: dict[str, set[str]] = {}
        self._wrapped: dict[str, set[str]] = {}
        self._etags: dict[tuple[str, str], str] = {}

    def watch(self, location: str, *, wrapped: bool = False) -> None:
        """Mirror what lies below a location from now on.

        Args:
            location: `s3://bucket/prefix/`.
            wrapped: Whether these are CloudTrail's files, which are mirrored unwrapped.
        """
        bucket, prefix = split_uri(location)
        with self._lock:
            plain, unwrapped = (places.setdefault(bucket, set()) for places in (self._places, self._wrapped))
            if prefix in (unwrapped if wrapped else plain):
                return
            plain.add(prefix)
            if wrapped:
                unwrapped.add(prefix)
            for key in self._storage.keys(bucket, prefix):
                if wrapped:
                    self._etags.pop((bucket, key), None)
                self._copy(bucket, key)

    def pull(self) -> None:
        """Bring the mirror up to date with the objects."""
        with self._lock:
            for bucket, prefixes in self._places.items():
                for key in self._storage.changed_keys(bucket):
                    if key.startswith(tuple(prefixes)):
                        self._copy(bucket, key)

    def push(self, location: str, kms_key: str | None) -> list[str]:
        """Take files that Trino wrote below a location into S3; return their URIs."""
        bucket, prefix = split_uri(location)
        written = []
        with self._lock:
            for path in sorted(path for path in (self._buckets / bucket / prefix).rglob("*") if path.is_file()):
                key = path.relative_to(self._buckets / bucket).as_posix()
                if (bucket, key) not in self._etags:
                    self._storage.put(bucket, key, path.read_bytes(), kms_key)
                    self._etags[bucket, key] = self._etag(bucket, key)
                    written.append(f"s3://{bucket}/{key}")
        return written

    def object_bytes(self, uri: str) -> int | None:
        """Return the size of a CloudTrail file as it lies in S3; None for other files, which are mirrored as they are.

        Args:
            uri: Of a file that Trino has read.
        """
        bucket, key = split_uri(uri)
        if not key.startswith(tuple(self._wrapped.get(bucket, ()))):
            return None
        stored = self._storage.head(bucket, key)
        return stored.size if stored else 0

    def _etag(self, bucket: str, key: str) -> str:
        stored = self._storage.head(bucket, key)
        return stored.etag if stored else ""

    def _copy(self, bucket: str, key: str) -> None:
        """Make the file of one key what its object is."""
        if any(part in _NO_FILE_NAMES for part in key.split("/")):
            return
        path = self._buckets / bucket / key
        etag = self._etag(bucket, key)
        if not etag:
            path.unlink(missing_ok=True)
            self._etags.pop((bucket, key), None)
        elif self._etags.get((bucket, key)) != etag:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = self._incoming / etag.strip('"')
            if key.startswith(tuple(self._wrapped.get(bucket, ()))):
                os.link(self._unwrapped(bucket, key, etag), new)
            else:
                new.write_bytes(self._storage.get(bucket, key) or b"")
            new.replace(path)
            self._etags[bucket, key] = etag

    def _unwrapped(self, bucket: str, key: str, etag: str) -> Path:
        """Return the file of a log file's records; the same content is unwrapped once."""
        compressed = key.endswith(".gz")
        kept = self._kept / f"{etag.strip(chr(34))}{'.gz' * compressed}"
        if not kept.exists():
            data = self._storage.get(bucket, key)
            try:
                kept.write_bytes(unwrap(data, compressed=compressed) if data else b"")
            except DamagedError:
                kept.write_bytes(_DAMAGED)
        return kept
