"""Interlock: participatory budgeting and worker co-operatives on one platform."""

from importlib.metadata import version

__version__ = version("interlock")
