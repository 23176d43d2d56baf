"""Keeps freed memory for the next batch."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of mallopt(3)
_LARGEST_ON_HEAP = 32 << 20
"""The most that glibc takes; larger blocks go back to the system when they are freed."""
_KEPT = 256 << 20
_USUAL = 128 << 10
"""glibc's own default of both thresholds."""


def keep_memory() -> None:
    """Let this process keep what it frees, and let Arrow use the same memory.

    Texts and columns come and go by the megabyte. Otherwise each goes back to the system, which clears it page by page
    before the next one gets it: a fifth of the time of a load.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    _set_thresholds(_LARGEST_ON_HEAP, _KEPT)


@contextmanager
def kept_memory() -> Iterator[None]:
    """Keep memory meanwhile, as `keep_memory` does, and give it back at the end."""
    pool = pa.default_memory_pool()
    keep_memory()
    try:
        yield
    finally:
        pa.set_memory_pool(pool)
        _set_thresholds(_USUAL, _USUAL)
        _trim()


def _set_thresholds(mmap: int, trim: int) -> None:
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # glibc's; others decide alone
        libc.mallopt(_MMAP_THRESHOLD, mmap)
        libc.mallopt(_TRIM_THRESHOLD, trim)


def _trim() -> None:
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
