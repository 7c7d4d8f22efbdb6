"""Mail: sent by the queue, never by a request, with links to PUBLIC_URL and nowhere else."""

import base64
from collections.abc import Sequence
from hashlib import sha256

import orjson
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend as ConsoleBackend
from django.core.mail.backends.filebased import EmailBackend as FileBackend
from django.template.loader import render_to_string

from core import jobs


class KeepAndPrintBackend(FileBackend):
    """Mail of an instance without SMTP: written to `DATA_DIR/mail/` and to the console."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep and print; return how many."""
        ConsoleBackend().send_messages(list(email_messages))
        return super().send_messages(list(email_messages)) or 0


def send(*, to: str, template: str, context: dict[str, object]) -> None:
    """Send `accounts/email/<template>.txt` now, its first line being the subject; for tasks."""
    context = {"public_url": settings.PUBLIC_URL, **context}
    subject, _, body = render_to_string(f"accounts/email/{template}.txt", context).partition("\n")
    _message(subject=subject, body=body.strip(), to=to).send()


def queue(*, subject: str, body: str, to: str) -> None:
    """Hand a finished mail to the queue; sealed, since it may carry a link that lets in."""
    fields = orjson.dumps({"subject": subject, "body": body, "to": to})
    jobs.enqueue("accounts.deliver_mail", _fernet().encrypt(fields).decode())


def deliver(sealed: str) -> None:
    """Send a mail that `queue` sealed; raises ValueError for anything else."""
    try:
        fields = orjson.loads(_fernet().decrypt(sealed.encode()))
    except InvalidToken as error:
        message = "not a mail that this instance sealed"
        raise ValueError(message) from error
    _message(**fields).send()


def _message(*, subject: str, body: str, to: str) -> EmailMessage:
    prefix = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX
    line = " ".join(subject.split())
    return EmailMessage(line if line.startswith(prefix) else prefix + line, body, to=[to])


def _fernet() -> Fernet:
    key = sha256(b"mail:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
