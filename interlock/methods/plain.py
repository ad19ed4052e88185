"""Results as plain JSON data."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Objects, lists, numbers and texts; null for what is no number.

    A dataclass is an object of its fields, and an array a list; what has a `to_json` of its own is
    told by that.

    >>> plain({"share": np.array([0.5, np.nan]), "of": ("a", 2)})
    {'share': [0.5, None], 'of': ['a', 2]}
    """
    if hasattr(value, "to_json"):
        return value.to_json()
    if is_dataclass(value) and not isinstance(value, type):
        return of_fields(value)
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def of_fields(value: Any) -> dict[str, Any]:
    """A dataclass as an object of its fields."""
    return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
