"""Brings the people to life: accounts, profiles, avatars, follows."""

from functools import partial
from tempfile import TemporaryFile

from django.utils.crypto import salted_hmac

from accounts import services as accounts
from accounts.models import User
from core.errors import Conflict
from feed.demo.palettes import PALETTES
from feed.demo.patience import patiently
from feed.demo.people import PEOPLE, Person
from feed.demo.portraits import portrait
from social.graph import selectors as graph
from social.graph import services as graph_services

DOMAIN = "@demo.invalid"


def demo_password() -> str:
    """Return this instance's own demo password: stable, printable, known to nobody outside."""
    return f"demo-{salted_hmac('feed.demo', 'password').hexdigest()[:12]}"


def is_foreign() -> bool:
    """Whether people live here who are not the demo's, and none of the demo's do."""
    rows = User.objects.all()
    return rows.exists() and not rows.filter(email__endswith=DOMAIN).exists()


def find_or_sign_up(person: Person, *, password: str) -> User:
    """Return the person's account, made on first use."""
    user = User.objects.filter(email=person.email).first()
    if user is not None:
        return user
    try:
        return accounts.sign_up(
            email=person.email, password=password, username=person.username, name=person.name
        )
    except Conflict:
        # A real person has taken the name meanwhile: the demo's bears another.
        return accounts.sign_up(email=person.email, password=password, name=person.name)


def dress(person: Person, user: User) -> None:
    """Give an account its bio, links and picture, unless it has them."""
    if not user.bio:
        links = [{"label": label, "url": url} for label, url in person.links]
        patiently(lambda: accounts.update_profile(actor=user, bio=person.bio, links=links))
    if not user.avatar_key:
        picture = portrait(person.look, PALETTES[person.palette], seed=person.seed)
        with TemporaryFile() as file:
            file.write(picture)
            patiently(lambda: accounts.set_avatar(actor=user, source=file))


def follow_friends(users: dict[str, User]) -> None:
    """Let everybody follow whom they follow."""
    for person in PEOPLE:
        actor = users[person.username]
        followed = set(graph.followed_ids(actor.pk))
        for name in person.follows:
            if users[name].pk not in followed:
                target = users[name].pk
                patiently(partial(graph_services.follow, actor=actor, user_id=target))
