"""Migrations leave the tables such that the release before goes on writing to them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models.fields import NOT_PROVIDED

FIRST = {"workflows": 31, "operations": 2, "accounts": 3, "audit": 5, "connections": 3}
"""From here on processes of two releases work side by side; of other apps from the second migration on."""
TAKEN_AWAY = (migrations.RemoveField, migrations.RenameField, migrations.DeleteModel, migrations.RenameModel)


def breaks(operation: Operation) -> str:
    """What a process of the release before would stumble over."""
    if isinstance(operation, TAKEN_AWAY):
        return "takes away what it reads or writes"
    if isinstance(operation, migrations.AddField):
        field = operation.field
        is_given = field.null or field.many_to_many or field.db_default is not NOT_PROVIDED
        return "" if is_given else f"adds {operation.name}, for which it gives no value"
    return ""


def found() -> Iterator[str]:
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        ours = migration.__module__.startswith(("hub.", "workflows."))
        if ours and int(name.split("_")[0]) >= FIRST.get(app, 2):
            for operation in migration.operations:
                if said := breaks(operation):
                    yield f"{app}.{name}: {said}"


def test_what_the_release_before_writes_is_taken() -> None:
    assert list(found()) == []


def test_what_it_would_stumble_over_is_noticed() -> None:
    assert breaks(migrations.AddField("run", "x", models.IntegerField(default=1)))
    assert breaks(migrations.RemoveField("run", "pool"))
    assert not breaks(migrations.AddField("run", "x", models.IntegerField(default=1, db_default=1)))
    assert not breaks(migrations.AddField("run", "x", models.IntegerField(null=True)))
