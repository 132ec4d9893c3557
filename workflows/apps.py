from collections.abc import Iterator

from django.apps import AppConfig

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
