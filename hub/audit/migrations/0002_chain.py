from django.db import migrations

from hub.audit.chain import INSTALL


def install(apps, schema_editor):
    for statement in INSTALL:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for trigger in ("audit_no_truncate", "audit_no_change", "audit_append"):
        schema_editor.execute(f"DROP TRIGGER {trigger} ON audit_auditentry")
    for function in ("audit_refuse()", "audit_append()", "audit_digest(audit_auditentry)"):
        schema_editor.execute(f"DROP FUNCTION {function}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
