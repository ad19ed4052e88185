"""Questionnaires: a survey's three tables in, pages and valid answers out.

A questionnaire is written as XLSForm's tables (https://xlsform.org), in the subset that
docs/methods/questionnaires.md lists, and read from .xlsx, CSV or YAML with every fault named. Skip logic,
validation and pages are worked out here, from what was answered and nothing else.
"""

from interlock.methods.questionnaires.answering import (
    Kept,
    Shown,
    Spoken,
    Step,
    opened,
    resumed,
    shown,
    spoken,
    submitted,
)
from interlock.methods.questionnaires.duration import seconds
from interlock.methods.questionnaires.faults import Fault, FormError
from interlock.methods.questionnaires.form import Choice, Form, Group, Question
from interlock.methods.questionnaires.loading import Reading, read
from interlock.methods.questionnaires.pages import Page, core_pages, pages
from interlock.methods.questionnaires.sentences import Message
from interlock.methods.questionnaires.spreadsheets import to_xlsx
from interlock.methods.questionnaires.tables import to_csv
from interlock.methods.questionnaires.versions import Change, content_hash, difference, incomparable
from interlock.methods.questionnaires.writing import to_tables
from interlock.methods.questionnaires.yaml_text import to_yaml

__all__ = [
    "Change",
    "Choice",
    "Fault",
    "Form",
    "FormError",
    "Group",
    "Kept",
    "Message",
    "Page",
    "Question",
    "Reading",
    "Shown",
    "Spoken",
    "Step",
    "content_hash",
    "core_pages",
    "difference",
    "incomparable",
    "opened",
    "pages",
    "read",
    "resumed",
    "seconds",
    "shown",
    "spoken",
    "submitted",
    "to_csv",
    "to_tables",
    "to_xlsx",
    "to_yaml",
]
