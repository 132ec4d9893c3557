"""Messages that runs wait for, by an event's name and a key, or at an address of a step's own."""

from __future__ import annotations

from django.db import models

from hub.accounts.models import WorkspaceOwned
from workflows.models.runs import RunStep


class Message(WorkspaceOwned):
    """Something that arrived. A step takes it, once; until then it is kept."""

    event = models.CharField(max_length=100, blank=True)
    """Empty: it came to the address of a step, which the key names."""
    key = models.CharField(max_length=300)
    identity = models.CharField(max_length=200, null=True)  # noqa: DJ001 - null keeps messages without one apart
    """The same message is kept once."""
    payload = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.OneToOneField(RunStep, null=True, on_delete=models.SET_NULL, related_name="message")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "event", "identity"], name="message_once")]
        indexes = [models.Index(fields=["workspace", "event", "key", "id"], name="message_by_key")]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"


class Expectation(WorkspaceOwned):
    """A step that waits for a message."""

    step = models.OneToOneField(RunStep, on_delete=models.CASCADE, related_name="expectation")
    event = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=300)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["workspace", "event", "key", "id"], name="expectation_by_key")]

    def __str__(self) -> str:
        return f"{self.step} waits for {self.event} {self.key}"
