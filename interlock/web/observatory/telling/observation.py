"""What a package holds, and what any figure of it starts from."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from interlock.methods.formats.observed_packages import ObservedPackage
from interlock.web.observatory.figures.figure import Drawing, Figure, Table
from interlock.web.observatory.telling.wording import Json


@dataclass(frozen=True, eq=False)
class Observation:
    """An observation as its data package has it."""

    package: ObservedPackage

    @property
    def results(self) -> Json:
        return self.package.results

    @property
    def is_synthetic(self) -> bool:
        return bool(self.results.get("synthetic"))

    @property
    def command(self) -> str:
        return shlex.join(self.results["command"])

    @property
    def kind(self) -> str:
        return str(self.results["verdict"]["kind"])

    @cached_property
    def answers(self) -> list[Json]:
        return [one for one in self.results["answers"] if one["reason"] is None]

    @cached_property
    def by_test(self) -> dict[str, Json]:
        return {one["test"]: one for one in self.answers}

    @property
    def is_odds(self) -> bool:
        return bool(self.results["verdict"]["measure"] == "odds")

    def figure(
        self, name: str, head: str, drawing: Drawing, finding: str, table: Table, **more: Any
    ) -> Figure:
        return Figure(name, head, drawing, finding, table, command=self.command, **more)
