"""Addresses of steps that wait for an answer: signed, so that nobody can make one up."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.signing import Signer

_SIGNER = Signer(salt="workflows.callback")


def address_of(run_id: uuid.UUID, step: str, item: str) -> str:
    """Where one answer for this step can be sent."""
    return f"{settings.PUBLIC_URL}/callbacks/{_SIGNER.sign_object([str(run_id), step, item])}"


def read(signed: str) -> tuple[str, str, str]:
    """The run, the step and the item that an address names. Raises BadSignature."""
    run_id, step, item = _SIGNER.unsign_object(signed)
    return str(run_id), str(step), str(item)
