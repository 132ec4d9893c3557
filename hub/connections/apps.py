from collections.abc import Iterator

from django.apps import AppConfig

from hub.vault import Holder, Place, hold


class ConnectionsConfig(AppConfig):
    name = "hub.connections"
    label = "connections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hub.connections.models import PURPOSE, Connection

        def rows() -> Iterator[tuple[Place, bytes]]:
            for connection in Connection.objects.exclude(sealed=b"").order_by("id").iterator(chunk_size=500):
                yield connection.place, bytes(connection.sealed)

        def replace(place: Place, old: bytes, new: bytes) -> bool:
            return bool(Connection.objects.filter(id=place.owner, sealed=old).update(sealed=new))

        hold(Holder(f"connection {PURPOSE}", rows, replace))
