"""How many wrong secrets one address may try in a minute: tokens of the API, and the checks of webhooks."""

from __future__ import annotations

from django.conf import settings

from hub.api.counting import count
from hub.api.errors import ProblemError

_WINDOW_SECONDS = 60


def note_wrong_secret(address: str) -> None:
    """Count a wrong secret of this address. Raises ProblemError (429) when there were too many of them."""
    limit = settings.API_ANONYMOUS_REQUESTS_PER_MINUTE
    counted, left = count(f"wrong:{address}", window_seconds=_WINDOW_SECONDS)
    if 0 < limit < counted:
        raise ProblemError(
            f"This address has sent too many wrong secrets. Try again in {left} seconds.",
            code="too-many-requests", title="Too many requests.", status=429, retry_after_seconds=left,
        )  # fmt: skip
