"""Fixtures for every room: the world, and clients that are somebody."""

import pytest
from django.test import Client

from interlock.web.people.models import Person
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def signed_in():
    """A client signed in as a person: `signed_in(world.alice)`."""

    def client_of(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of
