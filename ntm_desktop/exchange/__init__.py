"""The sync package: one file that carries a unit's changes and evidence from one computer to another.

The format is described in ``schema/package/FORMAT.md``. This room knows no database and no evidence store: the writer
is given paths, the reader gives streams.
"""

from __future__ import annotations

from ntm_desktop.exchange.header import FORMAT, Header, Identity
from ntm_desktop.exchange.limits import LIMITS, Limits
from ntm_desktop.exchange.manifest import Entry, Manifest
from ntm_desktop.exchange.plan import PARTIAL, SUFFIX, PackagePlan, PlannedBlob, Recipient, package_file_name
from ntm_desktop.exchange.reader import Package, PackageInfo, peek, read_package
from ntm_desktop.exchange.unlock import Unlock
from ntm_desktop.exchange.writer import Estimate, WrittenPackage, estimate, write_packages

__all__ = [
    "FORMAT",
    "LIMITS",
    "PARTIAL",
    "SUFFIX",
    "Entry",
    "Estimate",
    "Header",
    "Identity",
    "Limits",
    "Manifest",
    "Package",
    "PackageInfo",
    "PackagePlan",
    "PlannedBlob",
    "Recipient",
    "Unlock",
    "WrittenPackage",
    "estimate",
    "package_file_name",
    "peek",
    "read_package",
    "write_packages",
]
