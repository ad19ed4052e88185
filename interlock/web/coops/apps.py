from django.apps import AppConfig


class CoopsConfig(AppConfig):
    name = "interlock.web.coops"
    label = "coops"

    def ready(self) -> None:
        """Join the lists of the rooms below."""
        from interlock.web.coops import joining
        from interlock.web.coops.queries.waiting import decisions_waiting
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences
        from interlock.web.voting.views import matters

        sentences.update(joining.DECISIONS)
        matters.append(joining.matter)
        waiting.append(decisions_waiting)
