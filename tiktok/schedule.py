"""What runs again and again, every how many seconds; a run that comes too late is dropped."""

from typing import Any


def every(seconds: float, task: str, expires: int | None = None) -> dict[str, Any]:
    """Return an entry of the schedule; `expires` defaults to the period."""
    return {"task": task, "schedule": seconds, "options": {"expires": expires or int(seconds)}}


CELERY_BEAT_SCHEDULE = {
    entry["task"]: entry
    for entry in (
        every(15.0, "videos.sweep", expires=30),
        every(3600.0, "accounts.sweep"),
        every(30.0, "core.sweep", expires=60),
        every(5.0, "engagement.roll_up", expires=10),
        every(3600.0, "engagement.sweep"),
        every(60.0, "graph.sweep"),
        every(3600.0, "chat.sweep"),
        every(20.0, "chat.look_after_group_calls"),
        every(15.0, "notifications.sweep", expires=30),
        every(3600.0, "notifications.forget"),
        every(600.0, "feed.sweep"),
        every(300.0, "feed.trends"),
        every(300.0, "feed.learn"),
        every(600.0, "feed.precache"),
    )
}
