"""Kept events no longer hold what messages said: it is read anew by whoever asks."""

from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    events = apps.get_model("chat", "ConversationEvent")
    events.objects.filter(type__in=["message.new", "message.edit"]).update(payload={})


class Migration(migrations.Migration):
    dependencies = [("chat", "0003_emoji")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
