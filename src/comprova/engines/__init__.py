"""Engines that answer statements: DuckDB on one machine, Athena over the bucket."""
