"""A local endpoint that answers as Amazon Athena does, and executes on Trino: see README.md."""
