from django.db import migrations

from feed import search_index


def make(apps, schema_editor):
    search_index.ensure(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("feed", "0002_discovery"),
        ("accounts", "0001_initial"),
        ("videos", "0001_initial"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
