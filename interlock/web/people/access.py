"""Who is asking. Views behind `login_required` take their person from here."""

from django.http import HttpRequest

from interlock.web.people.models import Person


def person_of(request: HttpRequest) -> Person:
    """The signed-in person of a request; only for views that `login_required` guards."""
    assert isinstance(request.user, Person)
    return request.user
