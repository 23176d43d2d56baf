"""The invariants that `make fuzz` holds against inputs found by coverage, held against those that hypothesis finds."""

import gzip

from hypothesis import given
from hypothesis import strategies as st

from attack_logs import SHORT, hostile_record, records_file
from fuzz.invariants import any_file_is_answered, any_text_is_masked_and_guarded

_WHOLE = [records_file([hostile_record(number, text)]) for number, text in enumerate(SHORT)]


@given(st.sampled_from(_WHOLE), st.data())
def test_a_damaged_log_file_is_answered(text: bytes, data: st.DataObject) -> None:
    """A log file with hostile text, with bytes changed, doubled or left out, plain or compressed, has its answer."""
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 40, len(text))))
        text = text[:start] + data.draw(st.binary(max_size=8) | st.just(text[start:end] * 2)) + text[end:]
    any_file_is_answered(gzip.compress(text, mtime=0) if data.draw(st.booleans()) else text)
    any_text_is_masked_and_guarded(text)


@given(st.binary(max_size=200))
def test_any_bytes_hold_the_invariants(data: bytes) -> None:
    """Bytes of no kind at all are answered as well."""
    any_file_is_answered(data)
    any_text_is_masked_and_guarded(data)
