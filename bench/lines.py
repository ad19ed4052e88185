"""What a bench prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One printed line of the outcome, and whether it is over its limit."""

    text: str
    over: bool

    def print(self) -> Line:
        print(f"{self.text}  {'OVER' if self.over else 'ok'}", flush=True)
        return self
