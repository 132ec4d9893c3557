from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "hub.operations"
    label = "operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Without this a task sent from the web process would go to a default broker that nobody runs.
        from hub.celery import app

        app.set_default()
