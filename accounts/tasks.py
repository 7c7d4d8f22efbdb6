"""Background duties: mail, and forgetting what has expired."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from celery import shared_task
from django.conf import settings
from django.urls import reverse

from accounts import mail, selectors, services
from accounts.models import User
from accounts.services.emails import current_code
from core.ids import parse_uuid


@shared_task(name="accounts.sweep")
def sweep() -> None:
    """Delete expired tokens and sessions."""
    services.sweep()


@shared_task(name="accounts.deliver_mail")
def deliver_mail(sealed: str) -> None:
    """Send one mail of an allauth flow."""
    mail.deliver(sealed)


@shared_task(name="accounts.send_password_reset")
def send_password_reset(user_id: str) -> None:
    """Mail a link that resets a password; nobody's id does nothing."""
    user = _reachable_user(user_id)
    if user is not None:
        uid, token = user_pk_to_url_str(user), default_token_generator.make_token(user)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        context = {"user": user, "url": f"{settings.PUBLIC_URL}{path}", "key": f"{uid}-{token}"}
        mail.send(to=user.email, template="password_reset", context=context)


@shared_task(name="accounts.send_email_code")
def send_email_code(user_id: str) -> None:
    """Mail the code that confirms an address."""
    user = _reachable_user(user_id)
    if user is not None:
        context: dict[str, object] = {"user": user, "code": current_code(user)}
        mail.send(to=user.email, template="email_code", context=context)


@shared_task(name="accounts.send_notice")
def send_notice(user_id: str, kind: str) -> None:
    """Tell somebody about their account: password_changed, refresh_reused or address_taken."""
    user = _reachable_user(user_id)
    if user is not None:
        mail.send(to=user.email, template=kind, context={"user": user})


def _reachable_user(user_id: str) -> User | None:
    parsed = parse_uuid(user_id)
    return selectors.reachable_users().filter(pk=parsed).first() if parsed else None
