from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.db.models import QuerySet

from hub.vault import Holder, Place, hold


class WorkflowsConfig(AppConfig):
    name = "workflows"
    label = "workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from workflows.models import Trigger
        from workflows.models.triggers import PURPOSE

        def rows() -> Iterator[tuple[Place, bytes]]:
            for trigger in Trigger.objects.exclude(sealed=b"").order_by("id").iterator(chunk_size=500):
                yield trigger.place, bytes(trigger.sealed)

        def replace(place: Place, old: bytes, new: bytes) -> bool:
            return bool(Trigger.objects.filter(id=place.owner, sealed=old).update(sealed=new))

        hold(Holder(f"trigger {PURPOSE}", rows, replace))
        self._hold_values()

    def _hold_values(self) -> None:
        from workflows.engine.veils import place_of
        from workflows.models import ContentPage, Run, RunStep

        def holder(name: str, held: QuerySet[Any], owner: str, workspace: str) -> Holder:
            def rows() -> Iterator[tuple[Place, bytes]]:
                found = held.filter(sealed__isnull=False).order_by("pk").values_list(workspace, owner, "sealed")
                for workspace_id, owner_id, sealed in found.iterator(chunk_size=500):
                    yield place_of(workspace_id, owner_id), bytes(sealed)

            def replace(place: Place, old: bytes, new: bytes) -> bool:
                return bool(held.filter(**{owner: place.owner}, sealed=old).update(sealed=new))

            return Holder(name, rows, replace)

        hold(holder("input of runs", Run.objects.all(), "id", "workspace_id"))
        hold(holder("values of steps", RunStep.objects.all(), "id", "run__workspace_id"))
        hold(holder("large values", ContentPage.objects.all(), "content_id", "content__workspace_id"))
