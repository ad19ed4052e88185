"""The Open Contracting Data Standard 1.1.5: what became of a funded project, for other programs.

Each funded project is one contracting process with one ocid. What happened to it is a list of
releases in the order of time, each with what was new then; merged by the standard's own rules they
give the compiled release. `package` writes release and record packages, `sums` reads one back.

Source: https://standard.open-contracting.org/1.1/en/ (release schema 1.1.5, merging rules), with the
registered extensions lots, bids, budget breakdown and award criteria breakdown. Beyond these, a
milestone of a contract has a `value`: programs that do not know it leave it alone.
"""

from interlock.methods.formats.ocds.contracting import (
    Acceptance,
    Amendment,
    Award,
    Bid,
    Call,
    Contract,
    Contracting,
    Criterion,
    Lot,
    Milestone,
    Offer,
    Party,
    Pot,
    Text,
    Transaction,
)
from interlock.methods.formats.ocds.merging import compiled, merged
from interlock.methods.formats.ocds.package import Publisher, record_package, release_package
from interlock.methods.formats.ocds.reading import Sums, read, sums
from interlock.methods.formats.ocds.releases import releases

__all__ = [
    "Acceptance",
    "Amendment",
    "Award",
    "Bid",
    "Call",
    "Contract",
    "Contracting",
    "Criterion",
    "Lot",
    "Milestone",
    "Offer",
    "Party",
    "Pot",
    "Publisher",
    "Sums",
    "Text",
    "Transaction",
    "compiled",
    "merged",
    "read",
    "record_package",
    "release_package",
    "releases",
    "sums",
]
