"""From questions to verdicts: runs queries, measures what was logged, assesses outcomes."""
