"""Dated LGPD, GDPR, HIPAA and PCI DSS evidence reports from CloudTrail logs."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("comprova")
except PackageNotFoundError:  # a checkout on the path that was never installed
    __version__ = "0+checkout"
