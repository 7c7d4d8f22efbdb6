"""What happens to reports."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core import limits
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.ids import parse_uuid
from moderation import policies, selectors
from moderation.models import Inspection, Report, TargetType
from moderation.policies import Viewer
from social.graph import policies as people
from videos import policies as videos
from videos.models import Video

MAX_DETAIL = 1000


def report(
    *, actor: Viewer, target_type: str, target_id: object, reason: str, detail: str = ""
) -> Report:
    """Report what the actor may see; an open report of theirs about it is returned as it is.

    Raises NotFound for what they may not see, Invalid for what is their own, RateLimited.
    """
    user = people.require_active(actor)
    limits.consume(budget="report", subject=str(user.pk))
    target = selectors.get_target(viewer=user, target_type=target_type, target_id=target_id)
    if selectors.is_own(user, target):
        raise Invalid("own", "This is your own: delete it where it stands.")
    same = selectors.open_reports(target_type).filter(reporter=user, target_id=target.pk)
    fields = {"target_type": target_type, "target_id": target.pk}
    try:
        with transaction.atomic():
            return Report.objects.create(
                reporter=user, reason=reason, detail=detail.strip()[:MAX_DETAIL], **fields
            )
    except IntegrityError:
        return same.get()


def close_report(*, actor: Viewer, report_id: object, outcome: str) -> int:
    """Decide on every open report about the thing of this one; return how many.

    Raises Forbidden, NotFound, Conflict for one that is closed.
    """
    moderator = policies.require_moderator(actor)
    key = parse_uuid(report_id)
    found = Report.objects.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound
    if outcome not in (Report.Outcome.DISMISSED, Report.Outcome.ACTED):
        raise Invalid.field("outcome", "Choose an outcome.")
    about = selectors.open_reports(found.target_type).filter(target_id=found.target_id)
    closed = about.update(outcome=outcome, closed_at=timezone.now(), closed_by=moderator)
    if not closed:
        raise Conflict("closed", "This report is closed already.")
    return closed


def inspect_video(*, actor: Viewer, video_id: object) -> Video:
    """Return a video that a moderator has to decide on, whoever may see it; the look is written.

    What is public needs no report and leaves no trace. Raises Forbidden where nobody reported it,
    NotFound for none and for a deleted one.
    """
    moderator = policies.require_moderator(actor)
    key = parse_uuid(video_id)
    rows = Video.objects.filter(deleted_at__isnull=True).select_related("author")
    video = rows.filter(pk=key).first() if key else None
    if video is None:
        raise NotFound
    if videos.can_view(None, video):
        return video
    if not selectors.open_reports(TargetType.VIDEO).filter(target_id=video.pk).exists():
        raise Forbidden("no_report", "Nobody reported this: it is not yours to look at.")
    write_inspection(moderator=moderator, target_type=TargetType.VIDEO, target_id=video.pk)
    return video


def write_inspection(*, moderator: User, target_type: str, target_id: UUID) -> None:
    """Keep that a moderator looked at something that is not public."""
    Inspection.objects.create(moderator=moderator, target_type=target_type, target_id=target_id)
