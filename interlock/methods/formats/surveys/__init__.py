"""Answers to a questionnaire as researchers take them: data, codebook, and scripts that label them.

Every answer is a whole number where it can be one: choices by their codes, "don't know" -1, "rather
not say" -2, "not asked" -3. A blank cell was asked and left blank. A question that takes several
answers, or ranks them, is one column a choice.
"""

from interlock.methods.formats.surveys.codebook import codebook
from interlock.methods.formats.surveys.columns import Column, columns
from interlock.methods.formats.surveys.ddi import ddi
from interlock.methods.formats.surveys.scripts import r_script, spss_script, stata_script
from interlock.methods.formats.surveys.statistical import dta, sav
from interlock.methods.formats.surveys.tables import coded_lines, labelled_lines

__all__ = [
    "Column",
    "codebook",
    "coded_lines",
    "columns",
    "ddi",
    "dta",
    "labelled_lines",
    "r_script",
    "sav",
    "spss_script",
    "stata_script",
]
