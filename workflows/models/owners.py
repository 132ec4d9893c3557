"""Who owns a template of Exstream, and when it is to be reviewed: Exstream keeps neither."""

from __future__ import annotations

from django.db import models

from hub.accounts.models import Person, WorkspaceOwned


class TemplateOwner(WorkspaceOwned):
    exstream = models.CharField(max_length=63)
    """The slug of the connection."""
    domain = models.CharField(max_length=255)
    resource = models.CharField(max_length=100)
    name = models.CharField(max_length=255, blank=True)
    """As it was called when somebody last said who owns it."""
    owner = models.CharField(max_length=320, blank=True)
    """The directory's id of a person."""
    review_on = models.DateField(null=True)
    set_at = models.DateTimeField(auto_now=True)
    set_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "exstream", "domain", "resource"], name="template_owner_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name or self.resource} in {self.domain}"
