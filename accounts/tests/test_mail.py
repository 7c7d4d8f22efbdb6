from typing import Any

import pytest
from django.conf import settings as project
from django.core import mail as django_mail
from django.test import Client

from accounts import mail, tasks
from accounts.models import User
from core import testing

TASKS = (tasks.send_password_reset, tasks.send_email_code)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("user_id", ["", "x", "01920000-0000-7000-8000-000000000000"])
def test_mail_to_nobody_is_done(db: None, sent: Any, task: Any, user_id: str) -> None:
    task(user_id)
    assert sent() == []


def test_a_deactivated_account_gets_no_way_back_in(alice: User, sent: Any) -> None:
    User.objects.update(is_active=False)
    tasks.send_password_reset(str(alice.pk))
    assert sent() == []


def test_a_waiting_mail_cannot_be_read_in_the_broker(db: None, sent: Any) -> None:
    Client().post("/signup", {"email": "n@example.com", "password1": "a long enough phrase"})
    testing.commit()
    queued = []
    while (job := testing._next_job()) is not None:
        queued.append(job)
    sealed = [args for name, args in queued if name == "accounts.deliver_mail"]
    assert len(sealed) == 1
    assert "n@example.com" not in str(sealed)
    tasks.deliver_mail(*sealed[0])
    (message,) = django_mail.outbox
    assert message.to == ["n@example.com"]
    assert project.PUBLIC_URL in message.body


def test_a_name_cannot_forge_a_header_or_markup(alice: User, sent: Any) -> None:
    User.objects.update(name="A & <b>\r\nBcc: x@example.com")
    for kind in ("password_changed", "refresh_reused", "address_taken"):
        tasks.send_notice(str(alice.pk), kind)
    for message in sent():
        assert message.subject.startswith("[Tóp Tóp] ")
        assert message.recipients() == [alice.email]
        assert "A & <b>" in message.body


def test_a_broken_seal_is_refused() -> None:
    with pytest.raises(ValueError, match="sealed"):
        mail.deliver("rubbish")


def test_without_smtp_mail_is_kept_and_printed(
    alice: User, settings: Any, tmp_path: Any, capsys: Any
) -> None:
    settings.EMAIL_BACKEND = "accounts.mail.KeepAndPrintBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    tasks.send_notice(str(alice.pk), "password_changed")
    (kept,) = tmp_path.iterdir()
    assert "alice@example.com" in kept.read_text()
    assert "alice@example.com" in capsys.readouterr().out
