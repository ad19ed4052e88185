from django.apps import AppConfig


class CoopsConfig(AppConfig):
    name = "interlock.web.coops"
    label = "coops"

    def ready(self) -> None:
        """Join the lists of the rooms below."""
        from interlock.web.budgets.actions import following
        from interlock.web.budgets.queries import further, insiders
        from interlock.web.coops import joining
        from interlock.web.coops.actions.rounds import settle_vote
        from interlock.web.coops.queries.rounds import belonged_to, rounds_waiting
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences

        insiders.append(belonged_to)
        further.append(joining.round_of)
        following.append(settle_vote)
        waiting.append(rounds_waiting)
        sentences.update(joining.ROUNDS)
