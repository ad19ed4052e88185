"""A worker co-op from within: its members, bylaws, decisions, years, accounts, and its own PB."""

from interlock.web.coops.models.accounts import Account, AccountKind, Transfer, TransferKind
from interlock.web.coops.models.decisions import (
    Decision,
    DecisionForm,
    DecisionStage,
    Elector,
    Objection,
    Option,
    Signature,
    Vote,
)
from interlock.web.coops.models.members import (
    Bylaws,
    Coop,
    Hours,
    Import,
    ImportKind,
    Member,
    Office,
    OfficeKind,
    Standing,
    Status,
    Training,
)
from interlock.web.coops.models.rounds import Allowance, Goal, Pledge, Round
from interlock.web.coops.models.years import Policy, Revenue, Share, Year, YearStage

__all__ = [
    "Account",
    "AccountKind",
    "Allowance",
    "Bylaws",
    "Coop",
    "Decision",
    "DecisionForm",
    "DecisionStage",
    "Elector",
    "Goal",
    "Hours",
    "Import",
    "ImportKind",
    "Member",
    "Objection",
    "Office",
    "OfficeKind",
    "Option",
    "Pledge",
    "Policy",
    "Revenue",
    "Round",
    "Share",
    "Signature",
    "Standing",
    "Status",
    "Training",
    "Transfer",
    "TransferKind",
    "Vote",
    "Year",
    "YearStage",
]
