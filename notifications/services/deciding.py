"""Whether a delivery is still wanted at the moment of sending, and what it says."""

from datetime import datetime, timedelta
from typing import TypeAlias

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User
from chat.models import Member
from notifications import policies, selectors, wording
from notifications.models import PushDelivery, PushDevice, PushJob
from notifications.services.preferences import preferences_of
from notifications.wording import Notice

Kind = PushJob.Kind
STALE = timedelta(hours=4)
# A notice, or the reason why there is none.
Decision: TypeAlias = Notice | str


def decide(delivery: PushDelivery) -> Decision:
    """Return what to say to a device now, or why nothing; it is asked before every attempt."""
    job, device = delivery.job, delivery.device
    user, now = device.user, timezone.now()
    if left(job, now) <= timedelta(0):
        return "stale"
    if not _is_on(device):
        return "off"
    if not selectors.live_devices([user.pk]).filter(pk=device.pk).exists():
        return "signed_out"
    preference = preferences_of(user)
    if not policies.wants(preference, job.kind):
        return "not_wanted"
    if policies.is_quiet(preference, now):
        return "quiet_hours"
    member = selectors.membership(user, job.conversation_id)
    if member is None:
        return "not_inside"
    if member.muted_until is not None and member.muted_until > now:
        return "muted"
    with translation.override(device.language or settings.LANGUAGE_CODE):
        return _notice(job, user, member, show_text=preference.show_text)


def left(job: PushJob, now: datetime) -> timedelta:
    """Return for how long a job is still worth telling; a call, while it can ring."""
    ringing = timedelta(seconds=settings.CALL_RING_SECONDS)
    return job.happened_at + (ringing if job.kind == Kind.RING else STALE) - now


def _is_on(device: PushDevice) -> bool:
    return bool(
        settings.PUSH.web if device.transport == device.Transport.WEB else settings.PUSH.expo
    )


def _notice(job: PushJob, user: User, member: Member, *, show_text: bool) -> Decision:
    if job.kind == Kind.MESSAGE:
        return _of_messages(job, user, member, show_text=show_text)
    if job.kind == Kind.REQUEST:
        return _of_request(job, user, member)
    return _of_call(job, user, member)


def _of_messages(job: PushJob, user: User, member: Member, *, show_text: bool) -> Decision:
    if member.state != Member.State.ACTIVE:
        return "not_inside"
    unseen = selectors.unseen_messages(user, member, job)
    last = unseen.first()
    if last is None:
        return "seen"
    return wording.message_notice(
        member.conversation, last, count=unseen.count(), show_text=show_text, kind=job.kind
    )


def _of_request(job: PushJob, user: User, member: Member) -> Decision:
    if member.state != Member.State.REQUEST:
        return "not_inside"
    if _has_seen(member, job):
        return "seen"
    if selectors.telling_person(user, job.actor_id) is None:
        return "hidden"
    return wording.request_notice(member.conversation, kind=job.kind)


def _of_call(job: PushJob, user: User, member: Member) -> Decision:
    if member.state != Member.State.ACTIVE:
        return "not_inside"
    caller = selectors.telling_person(user, job.actor_id)
    if caller is None:
        return "hidden"
    ringing = job.kind == Kind.RING
    if not selectors.rings_for(user, job.call_id) if ringing else _has_seen(member, job):
        return "seen"
    return wording.call_notice(member.conversation, caller, ringing=ringing, kind=job.kind)


def _has_seen(member: Member, job: PushJob) -> bool:
    return max(member.last_read_seq, member.last_shown_seq) >= (job.upto_seq or 0)
