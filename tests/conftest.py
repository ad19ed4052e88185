"""Fixtures for every room: the world, and clients that are somebody."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation

from interlock.web.people.models import Person
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page asked for in Spanish leaves its thread in Spanish; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """A client signed in as a person: `signed_in(world.alice)`."""

    def client_of(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of
