"""What is written to somebody: one notice, or several in a digest."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing

from workflows.models import Delivery

_SALT = "workflows.opt-out"


def written(taken: list[Delivery]) -> dict[str, Any]:
    """The input of the channel's action."""
    first = taken[0]
    if not first.address:
        return {
            "type": first.notice.kind or "notice",
            "data": {"topic": first.notice.topic, "subject": first.notice.subject, "text": first.notice.text},
        }
    link = opt_out_link(first)
    letter = {
        "to": [first.address],
        "subject": first.notice.subject if len(taken) == 1 else f"{len(taken)} messages: {first.notice.subject}",
        "text": "\n\n".join(_part(each, alone=len(taken) == 1) for each in taken) + _footer(taken, link),
        "headers": {"List-Unsubscribe": f"<{link}>", "Auto-Submitted": "auto-generated"},
    }
    if len(taken) == 1 and first.notice.html:
        letter["html"] = f'{first.notice.html}<hr><p><a href="{link}">No more messages like this</a></p>'
    return letter


def opt_out_link(delivery: Delivery) -> str:
    return f"{settings.PUBLIC_URL}/opt-out/{signing.dumps(str(delivery.id), salt=_SALT)}"


def delivery_of(token: str) -> str:
    """The delivery that a link belongs to. Raises signing.BadSignature."""
    return str(signing.loads(token, salt=_SALT))


def _part(delivery: Delivery, *, alone: bool) -> str:
    notice = delivery.notice
    return notice.text if alone else f"{notice.subject}\n{'-' * min(len(notice.subject), 70)}\n{notice.text}"


def _footer(taken: list[Delivery], link: str) -> str:
    runs = dict.fromkeys(each.notice.step.run_id for each in taken if each.notice.step is not None)
    said = "".join(f"The run: {settings.PUBLIC_URL}/runs/{run}\n" for run in runs)
    return f"\n\n-- \n{said}No more messages like this: {link}\n"
