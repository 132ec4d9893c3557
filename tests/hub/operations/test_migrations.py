"""Migrations leave the tables such that the release before goes on writing to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models.fields import NOT_PROVIDED

FIRST = {"workflows": 31, "operations": 2, "accounts": 3, "audit": 5, "connections": 3}
"""From here on processes of two releases work side by side; of other apps from the second migration on."""
SQUASHED = ("workflows", "0001_squashed_0031")
ONE_BY_ONE = ("workflows", "0031_pools_and_generations")
SHAPES = (
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)
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


@contextmanager
def empty_database(name: str) -> Iterator[None]:
    """Django's connection leads to a new database meanwhile."""
    ours = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def shape_after(target: tuple[str, str], *, squashed: bool) -> set[tuple[object, ...]]:
    """Columns, indexes, constraints, triggers and functions of a new database that was migrated to this."""
    with empty_database(f"{connection.settings_dict['NAME']}_{target[1][:13]}"):
        executor = MigrationExecutor(connection)
        executor.loader = MigrationLoader(connection, replace_migrations=squashed)
        others = [each for each in executor.loader.graph.leaf_nodes() if each[0] != "workflows"]
        executor.migrate([*others, target])
        with connection.cursor() as cursor:
            return {row for query in SHAPES for row in cursor.execute(query).fetchall()}


@pytest.mark.django_db(transaction=True)
def test_a_new_database_has_the_tables_of_one_that_came_all_the_way() -> None:
    came = shape_after(ONE_BY_ONE, squashed=False)
    assert shape_after(SQUASHED, squashed=True) == came
    assert len(came) > 1000
