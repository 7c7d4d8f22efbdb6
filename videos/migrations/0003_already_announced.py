"""What was published before others were told once: they were told then."""

from django.db import migrations
from django.db.models import F
from django.utils import timezone


def mark(apps, schema_editor):
    videos = apps.get_model("videos", "Video").objects
    told = videos.filter(published_at__lte=timezone.now(), scheduled_for__isnull=True)
    told.update(announced_at=F("published_at"))


class Migration(migrations.Migration):
    dependencies = [("videos", "0002_pins_and_announcements")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
