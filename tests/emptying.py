"""How the database is emptied after a test that commits: what holds rows is emptied, the rest is left alone."""

from __future__ import annotations

from django.db import connection, transaction

_KEPT = {"django_content_type", "auth_permission"}
"""What `migrate` writes for every model. Nothing else that is there before a test is there after it."""


def empty_the_tables() -> None:
    """Far quicker than Django's flush, which truncates every table and then writes its permissions anew."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = {name: connection.ops.quote_name(name) for name in sorted(set(names) - _KEPT)}
    with transaction.atomic(), connection.cursor() as cursor:
        # Who still writes is waited for.
        cursor.execute(f"LOCK TABLE {', '.join(tables.values())} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            " UNION ALL ".join(f"(SELECT '{name}' FROM {quoted} LIMIT 1)" for name, quoted in tables.items())
        )
        filled = [tables[name] for (name,) in cursor.fetchall()]
        # Neither foreign keys nor the triggers that keep the audit trail from being changed are asked.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for quoted in filled:
            cursor.execute(f"DELETE FROM {quoted}")
