"""The questionnaires that come with the library, as XLSForm's tables in CSV."""

from __future__ import annotations

from importlib.resources import files

from interlock.methods.questionnaires.form import Form
from interlock.methods.questionnaires.loading import read

NAMES = ("ties",)


def tables(name: str) -> dict[str, bytes]:
    """The CSV files of a questionnaire by their names; `read` takes them, and so do Kobo and ODK.

    "ties" is the two surveys on worker co-ops and participatory budgeting, in English and Spanish.
    They are one questionnaire, so that somebody who is both answers once: two questions lead to the
    co-op's part, the budget's, or both. Its topics follow Public Agenda's "15 Key Metrics for
    Evaluating Participatory Budgeting" (2015), the census of individuals in worker co-ops
    (Schlachter and Prushinskaya, 2017) and the orders of change in policy of Hall ("Policy
    Paradigms, Social Learning, and the State", Comparative Politics 25, 1993); its wording is ours.
    """
    folder = files(__name__) / name
    return {
        one: (folder / one).read_bytes() for one in ("survey.csv", "choices.csv", "settings.csv")
    }


def instrument(name: str) -> Form:
    """A questionnaire of ours, ready to be asked.

    >>> instrument("ties").languages
    ('en', 'es')
    """
    return read(tables(name)).must()
