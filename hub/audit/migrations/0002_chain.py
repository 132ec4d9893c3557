from django.db import migrations

from hub.audit.chains import TRAIL


def install(apps, schema_editor):
    for statement in TRAIL.install():
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in TRAIL.remove():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
