"""What people are told: a notice, its delivery to each of them, and who wants no more of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hub.accounts.models import Person, WorkspaceOwned
from workflows.models.approvals import Approval
from workflows.models.runs import RunStep


class NoticeState(models.TextChoices):
    """What became of a notice as a whole."""

    OPEN = "open", "Not every delivery has ended"
    TOLD = "told", "Somebody was told"
    NOBODY = "nobody", "Nobody was told, although somebody had to be"
    ENDED = "ended", "It was told to nobody, which was allowed"


class Notice(WorkspaceOwned):
    """One thing that people are told. A topic has one notice, whichever run or step speaks of it."""

    topic = models.CharField(max_length=200)
    """What it is about, such as "job/emea-prod/17/2026-03-01"."""
    kind = models.CharField(max_length=100, blank=True)
    """What sort of news it is: what somebody opts out of."""
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField(blank=True)
    mail = models.CharField(max_length=63, blank=True)
    """The connection through which its mails go."""
    sources = models.JSONField(default=list)
    """[{"action", "connection", "input", "people"}]: who is asked for the people, now and when it is sent."""
    fallback = models.JSONField(default=list)
    """Addresses that are told when nobody else was."""
    must_reach = models.BooleanField(default=False)
    """Whether it may not happen that nobody is told."""
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.OPEN)
    step = models.ForeignKey(RunStep, null=True, on_delete=models.SET_NULL, related_name="notices")
    """The step that spoke of it first."""
    approval = models.ForeignKey(Approval, null=True, on_delete=models.SET_NULL, related_name="notices")
    """The question that people are told of; the topic then names it, the stage, and which reminder it is."""
    made_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField()
    """When its sources were last asked."""

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "topic"], name="notice_of_a_topic_once")]

    def __str__(self) -> str:
        return self.subject


class DeliveryState(models.TextChoices):
    """What became of one delivery."""

    PLANNED = "planned", "It is to be sent when it is due"
    SENDING = "sending", "It was about to be sent; how that ended is not noted yet"
    SENT = "sent", "The mail server or the address took it"
    REFUSED = "refused", "It could not be sent: see why"
    WITHHELD = "withheld", "It is not sent: see why"
    UNKNOWN = "unknown", "Nobody knows whether it was sent, so it is not sent again unless somebody says so"


OPEN_DELIVERIES = (DeliveryState.PLANNED, DeliveryState.SENDING)


class Delivery(WorkspaceOwned):
    """A notice for one person or one web address. The row is there before anything is sent."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    person = models.CharField(max_length=320)
    """Who, in small letters: the directory's id, a user name, an address, or "connection:<slug>"."""
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=320, blank=True)
    connection = models.CharField(max_length=63)
    from_directory = models.BooleanField(default=False)
    """Whether it is looked up again, before it is sent, that they are still meant."""
    digest = models.BooleanField(default=False)
    """Whether what is due at the same time goes out as one message."""
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PLANNED)
    reason = models.CharField(max_length=30, blank=True)
    """Why it is withheld: opted-out, disabled, left, no-address, same-address, not-established, no-directory,
    ended."""
    message = models.CharField(max_length=400, blank=True)
    sent_as = models.CharField(max_length=100, blank=True)
    """The key of the message it went out in: several deliveries of a digest share one."""
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["notice", "person"], name="delivery_to_a_person_once"),
            models.UniqueConstraint(
                fields=["notice", "address"],
                condition=~Q(address="") & ~Q(state="withheld"),
                name="delivery_to_an_address_once",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["planned", "sending"]), name="delivery_due"),
            models.Index(fields=["notice"], condition=Q(state__in=["planned", "sending"]), name="delivery_open"),
            models.Index(fields=["workspace", "state", "-id"], name="delivery_by_state"),
            models.Index(fields=["workspace", "person", "-id"], name="delivery_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.notice} to {self.name or self.person}"


class OptOut(WorkspaceOwned):
    """That a person wants no notices of a kind, or none at all."""

    person = models.CharField(max_length=320)
    """The directory's id or an address, in small letters."""
    kind = models.CharField(max_length=100, blank=True)
    """Empty: none at all."""
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    """None when they did it themselves, by the link in a message."""

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "person", "kind"], name="opt_out_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind or 'everything'}"
