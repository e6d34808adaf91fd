"""Instants of answers as people here write them."""

from datetime import datetime

from shared.clock import VIETNAM


def when(iso: str) -> str:
    """`20/03/2023 08:42` of an ISO 8601 instant with its zone."""
    return f"{datetime.fromisoformat(iso).astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def on_day(iso: str) -> str:
    """Its day in Vietnam, `20/03/2023`."""
    return f"{datetime.fromisoformat(iso).astimezone(VIETNAM):%d/%m/%Y}"
