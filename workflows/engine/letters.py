"""What is written to somebody, or into a channel: one notice, or several in a digest."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing

from workflows.models import Delivery

_SALT = "workflows.opt-out"


def signed(taken: list[Delivery]) -> dict[str, Any]:
    """What a web address is told. It takes one notice at a time."""
    notice = taken[0].notice
    said = {"topic": notice.topic, "subject": notice.subject, "text": notice.text}
    return {"type": notice.kind or "notice", "data": said}


def posting(taken: list[Delivery]) -> dict[str, Any]:
    """What is posted into a channel."""
    runs = _runs(taken)
    titles = ["The run"] if len(runs) == 1 else [f"Run {number}" for number in range(1, len(runs) + 1)]
    return {"subject": _subject(taken), "text": _text(taken), "links": dict(zip(titles, runs, strict=True))}


def mail(taken: list[Delivery]) -> dict[str, Any]:
    """What a person is written, with a way to hear no more of it."""
    first = taken[0]
    link = opt_out_link(first)
    letter = {
        "to": [first.address],
        "subject": _subject(taken),
        "text": _text(taken) + _footer(taken, link),
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


def _subject(taken: list[Delivery]) -> str:
    first = taken[0].notice.subject
    return first if len(taken) == 1 else f"{len(taken)} messages: {first}"[:400]


def _text(taken: list[Delivery]) -> str:
    return "\n\n".join(_part(each, alone=len(taken) == 1) for each in taken)


def _part(delivery: Delivery, *, alone: bool) -> str:
    notice = delivery.notice
    return notice.text if alone else f"{notice.subject}\n{'-' * min(len(notice.subject), 70)}\n{notice.text}"


def _footer(taken: list[Delivery], link: str) -> str:
    said = "".join(f"The run: {address}\n" for address in _runs(taken))
    return f"\n\n-- \n{said}No more messages like this: {link}\n"


def _runs(taken: list[Delivery]) -> list[str]:
    """The pages of the runs that spoke of it."""
    held = dict.fromkeys(each.notice.step.run_id for each in taken if each.notice.step is not None)
    return [f"{settings.PUBLIC_URL}/runs/{run}" for run in held]
