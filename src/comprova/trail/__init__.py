"""CloudTrail as it lies in a folder: its keys, its files, their records, and the Parquet they are loaded into once."""
