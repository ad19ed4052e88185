from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _


def enter_kinds_after_migrating(sender: AppConfig, **_kwargs: object) -> None:
    from interlock.web.institutions.kinds import enter_kinds

    enter_kinds(sender.get_model("Kind"))


class InstitutionsConfig(AppConfig):
    name = "interlock.web.institutions"
    label = "institutions"

    def ready(self) -> None:
        # Also what empties all tables, as tests do, ends with this signal.
        post_migrate.connect(enter_kinds_after_migrating, sender=self)
        from interlock.web.institutions import queries
        from interlock.web.look.navigation import Download, Place, downloads, places
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences

        waiting.append(queries.waiting)
        waiting.append(queries.profiles_waiting)
        waiting.append(queries.roles_waiting)

        register = reverse_lazy("institutions:register")
        places.append(Place("institutions", _("Institutions"), lambda: str(register), 30))
        downloads.append(
            Download(
                _("Institutions"),
                _("The register: names, kinds, places, activities, numbers in official registers."),
                (
                    ("CSV", lambda: reverse("institutions:csv")),
                    ("GeoJSON", lambda: reverse("institutions:geojson")),
                    (_("Murmurations profiles"), lambda: reverse("institutions:profiles")),
                    ("API", lambda: reverse("api:institutions")),
                ),
                10,
            )
        )
        sentences["institution.registered"] = _("%(name)s entered the register.")
        sentences["institution.changed"] = _("%(name)s corrected its page in the register.")
        sentences["institution.role_given"] = _("A person was given a role in %(subject)s.")
        sentences["institution.role_accepted"] = _("A person accepted a role in %(subject)s.")
        sentences["institution.role_ended"] = _("A person's role in %(subject)s ended.")
        sentences["institution.claimed"] = _(
            "%(name)s is looked after by its own people, proven by its e-mail address."
        )
        sentences["institution.vouched_for"] = _(
            "%(name)s is looked after by its own people, vouched for by %(federation)s."
        )
        sentences["institution.appointed"] = _(
            "Whoever runs this site named a person to look after the page of %(name)s."
        )
        sentences["institution.claim_asked"] = _("A person asked to belong to %(name)s.")
        sentences["institution.claim_withdrawn"] = _(
            "A person withdrew the question to belong to %(name)s."
        )
        sentences["institution.claim_declined"] = _(
            "A person was declined who asked to belong to %(name)s."
        )
        sentences["institution.trusted"] = _("%(name)s may vouch for the people of others.")
        sentences["institution.distrusted"] = _(
            "%(name)s may no longer vouch for the people of others."
        )
        sentences["institution.leaving"] = _("%(name)s said that it leaves this site in a week.")
        sentences["institution.stays"] = _("%(name)s stays on this site.")
        sentences["institution.followed"] = _(
            "The page of %(name)s is kept up to date from its profile at %(url)s."
        )
        sentences["institution.refreshed"] = _(
            "The page of %(name)s was brought up to date from its profile at %(url)s."
        )
        sentences["institution.unfollowed"] = _(
            "The page of %(name)s is no longer kept up to date from %(url)s."
        )
        sentences["institution.left"] = _("%(name)s left this site.")
        sentences["institutions.imported"] = _(
            "The list %(file)s was imported: %(created)s entered, %(matched)s changed, "
            "%(unchanged)s unchanged, %(refused)s left out. SHA-256 of the file: %(sha256)s."
        )
        sentences["institutions.import_undone"] = _(
            "The import of the list %(file)s was undone: %(removed)s removed, %(restored)s as "
            "before, %(stay)s stay."
        )
