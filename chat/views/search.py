"""`/messages/search`: people, groups and messages by what is typed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.presentation import present_users
from chat import selectors, shelf
from chat.views.sidebar import sidebar
from chat.words import MAX_TEXT, clean, excerpt, words_of
from core import limits
from core.ids import parse_uuid
from social.graph import selectors as graph
from social.graph.policies import require_active

PAGE, PEOPLE, GROUPS = 20, 5, 5


@never_cache
@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what `?q=` finds; in one conversation with `?c=`, further back with `?before=`."""
    user = require_active(request.user)
    typed = clean(request.GET.get("q", ""))
    room = _room(user, request.GET.get("c"))
    context: dict[str, Any] = sidebar(user) | {"q": typed, "within": room, "most": MAX_TEXT}
    context["too_short"] = bool(typed) and not words_of(typed)
    if words_of(typed):
        limits.consume(budget="chat_search", subject=str(user.pk))
        context |= _found(user, typed, room, parse_uuid(request.GET.get("before")))
    return render(request, "chat/search.html", context)


def _room(user: User, given: str | None) -> dict[str, Any] | None:
    """Return the one conversation that is searched; NotFound for one of others."""
    if not given:
        return None
    member = selectors.membership(user=user, conversation_id=given)
    return shelf.conversations_json([member])[0]


def _found(user: User, typed: str, room: dict[str, Any] | None, before: object) -> dict[str, Any]:
    rows = selectors.search_messages(
        user=user, term=typed, conversation_id=room["id"] if room else None
    )
    if before is not None:
        rows = rows.filter(pk__lt=before)
    page = list(rows[: PAGE + 1])
    shown = shelf.found_json(user, page[:PAGE], term=typed)
    for one in shown:
        one["face"] = {"name": one["room"]["title"], "avatar": one["room"]["avatar"]}
    found: dict[str, Any] = {
        "messages_found": shown,
        "next_before": page[PAGE - 1].pk if len(page) > PAGE else None,
        "further": before is not None,
    }
    if room is None and before is None:
        people = graph.people_matching(viewer=user, text=typed).exclude(pk=user.pk)
        own = selectors.own_groups(user=user, term=typed)[:GROUPS]
        groups = selectors.groups_to_join(user=user, term=typed).order_by("title", "id")
        found |= {
            "people": present_users(people.order_by("username")[:PEOPLE], viewer=user),
            "own_groups": _marked(shelf.groups_json([row.conversation for row in own]), typed),
            "open_groups": _marked(shelf.groups_json(list(groups[:GROUPS])), typed),
        }
    found["nothing"] = not any(
        found.get(name) for name in ("messages_found", "people", "own_groups", "open_groups")
    )
    return found


def _marked(groups: list[dict[str, Any]], typed: str) -> list[dict[str, Any]]:
    """Return groups whose names say where the hit is."""
    words = words_of(typed)
    return [group | {"pieces": excerpt(group["title"], words)} for group in groups]
