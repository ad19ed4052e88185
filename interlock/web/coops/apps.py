from django.apps import AppConfig
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class CoopsConfig(AppConfig):
    name = "interlock.web.coops"
    label = "coops"

    def ready(self) -> None:
        """Join the lists of the rooms below: navigation, institutions, voting, budgets, desk, record."""
        from interlock.web.budgets.actions import following as published
        from interlock.web.budgets.queries import further, insiders
        from interlock.web.coops import exporting
        from interlock.web.coops.actions.decisions import following
        from interlock.web.coops.actions.members import follow_decision
        from interlock.web.coops.actions.opening import close
        from interlock.web.coops.actions.rounds import settle_vote
        from interlock.web.coops.joining import decisions, members, rounds, years
        from interlock.web.coops.queries.rounds import belonged_to, rounds_waiting
        from interlock.web.coops.queries.waiting import decisions_waiting
        from interlock.web.institutions import queries as institutions
        from interlock.web.institutions.leaving import endings
        from interlock.web.look.navigation import Door, Place, doors, places
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences
        from interlock.web.voting.views import matters

        start = reverse_lazy("coops:start")
        places.append(Place("coops", _("Co-ops"), lambda: str(start), 35))
        doors.append(
            Door(
                "co-op",
                _("Run our co-op"),
                _(
                    "Members, decisions, the year and each one’s share of it. Nobody outside sees them."
                ),
                lambda: str(start),
                30,
            )
        )
        institutions.panels.append(members.panel)
        institutions.exports["inside"] = exporting.inside
        endings.append(close)
        following.append(follow_decision)
        matters.append(decisions.matter)
        insiders.append(belonged_to)
        published.append(settle_vote)
        further.append(rounds.round_of)
        waiting.extend((members.waiting, decisions_waiting, rounds_waiting))
        for told in (members, decisions, years, rounds):
            sentences.update(told.SENTENCES)
