"""Fuzzing by coverage: what hypothesis, which knows no branches, would not come upon."""
