"""Collections of evidence that are late: told to whom they say, also when their workflow does not run at all."""

from __future__ import annotations

import structlog
from django.db import transaction

from hub.audit.models import EvidenceFeed
from hub.watch import clock
from workflows.engine import telling
from workflows.models import Workflow

log = structlog.get_logger(__name__)


def tell_late() -> int:
    """One notice for each collection that is late, whoever looks; returns how many were made."""
    late = EvidenceFeed.objects.select_related("workspace").filter(late_at__lt=clock.now())
    return sum(_tell(each) for each in late if each.tell)


@transaction.atomic
def _tell(feed: EvidenceFeed) -> bool:
    workflow = feed.name.partition("/")[0]
    retired = Workflow.objects.filter(workspace=feed.workspace, slug=workflow, published=None).exists()
    if not Workflow.objects.filter(workspace=feed.workspace, slug=workflow).exists() or retired:
        return False
    until = f"{feed.collected_until:%Y-%m-%d %H:%M} UTC"
    is_new = telling.tell(
        feed.workspace,
        f"evidence-late/{feed.name}/{feed.collected_until:%Y%m%dT%H%M%S}",
        kind="evidence",
        subject=f"Evidence is not being collected: {feed.name}",
        text=f"{feed.stream} was last collected with {feed.source} on {until}, and should have been again by "
        f"now. What happened since is not kept, and may be lost when the source forgets it. Look at the runs of "
        f"the workflow {workflow}.",
        mail=feed.tell["mail"],
        to=feed.tell["to"],
    )
    if not is_new:
        return False
    log.warning("evidence.late", feed=feed.name, collected_until=feed.collected_until.isoformat())
    return True
