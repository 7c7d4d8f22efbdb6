from django.db import migrations

from chat import search_index


def make(apps, schema_editor):
    search_index.ensure(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("chat", "0006_group_pictures")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
