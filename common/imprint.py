"""Imprints: what a form was opened on, in 16 digits (decision 37)."""

import hashlib
import json
from typing import Any

IMPRINT = 16


def imprint(values: Any) -> str:
    """16 hexadecimal digits that differ as soon as one of the values does."""
    told = json.dumps(values, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:IMPRINT]
