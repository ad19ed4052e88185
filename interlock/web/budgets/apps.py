from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class BudgetsConfig(AppConfig):
    name = "interlock.web.budgets"
    label = "budgets"

    def ready(self) -> None:
        """Join the lists of the rooms below: navigation, doors, record, receipts, institutions."""
        from interlock.web.budgets import joining
        from interlock.web.institutions.queries import deeds
        from interlock.web.institutions.rules import bonds
        from interlock.web.look.navigation import Door, Download, Place, doors, downloads, places
        from interlock.web.record.wording import sentences
        from interlock.web.voting.views import matters

        places.append(Place("budgets", _("Budgets"), lambda: reverse("budgets:processes"), 20))
        doors.append(
            Door(
                "vote",
                _("Vote"),
                _("Use the code on your letter, or look first. No account needed."),
                lambda: reverse("budgets:processes"),
                10,
            )
        )
        doors.append(
            Door(
                "budget",
                _("Run participatory budgeting"),
                _("Rulebook, projects, ballot, a fair count that explains itself, the recount."),
                lambda: reverse("budgets:new"),
                20,
            )
        )
        downloads.append(
            Download(
                _("Participatory budgets"),
                _(
                    "Beside each published result: every ballot and the reasons in Pabulib's format, a "
                    "table of its projects, and one archive to count it again."
                ),
                (
                    (_("Results"), lambda: reverse("budgets:processes")),
                    ("API", lambda: reverse("api:processes")),
                ),
                50,
            )
        )
        deeds.append(joining.deeds)
        bonds.append(joining.bond)
        matters.append(joining.matter)
        sentences.update(joining.SENTENCES)
