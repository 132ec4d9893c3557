from django.apps import AppConfig
from django.db.backends.signals import connection_created


class OperationsConfig(AppConfig):
    name = "hub.operations"
    label = "operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Without this a task sent from the web process would go to a default broker that nobody runs.
        from hub.celery import app
        from hub.operations.lines import tie_to_thread

        app.set_default()
        connection_created.connect(tie_to_thread, dispatch_uid="hub.operations.lines")
