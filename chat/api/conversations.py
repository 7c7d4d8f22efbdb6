"""`conversations`: lists, pairs, groups, requests, links, and what changed (`sync`)."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.auth import read
from accounts.policies import require_user
from chat import policies, selectors, services, shelf
from chat.api import schemas
from chat.models import InviteLink, Member
from core.errors import Invalid, NotFound
from core.http.pagination import CursorPage
from core.http.parsers import SmallMultipart
from core.idempotency import idempotent
from social.graph.policies import require_active

GROUP_FIELDS = {"title", "is_open"}


class LatestFirst(CursorPage):
    """Conversations by their last message."""

    page_size = 30
    ordering = ("-sort_at", "-id")


def one(member: Member) -> dict[str, Any]:
    """Return one conversation with all of its members."""
    return shelf.conversations_json([member], whole=True)[0]


class PictureParser(SmallMultipart):
    """One picture."""

    max_file_bytes = services.GROUP_PICTURE_MAX_BYTES


class PictureInput(serializers.Serializer[Any]):
    """A picture of at most 5 MB."""

    file = serializers.FileField()


class Conversations(APIView):
    """The caller's conversations."""

    @extend_schema(
        operation_id="conversations",
        parameters=[OpenApiParameter("folder", str, enum=selectors.FOLDERS)],
        responses=schemas.CONVERSATION_PAGE,
    )
    def get(self, request: Request) -> Response:
        """Return a folder (inbox, requests, archived), latest first; pinned ones say so."""
        user = require_user(request.user)
        folder = request.query_params.get("folder", "inbox")
        pages = LatestFirst()
        rows = selectors.memberships(user=user, folder=folder)
        page: list[Member] = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(shelf.conversations_json(page))

    @extend_schema(
        operation_id="conversation_create",
        request=schemas.GroupInput,
        responses={201: schemas.ConversationSchema},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a group; friends are in it at once, others are asked."""
        fields = read(schemas.GroupInput, request)
        member = services.create_group(
            actor=request.user,
            title=fields["title"],
            handles=fields.get("members", ()),
            is_open=fields["is_open"],
        )
        return Response(one(member), status=status.HTTP_201_CREATED)


class Direct(APIView):
    """The one conversation with a person."""

    takes_idempotency_key = False

    @extend_schema(
        operation_id="conversation_dm",
        request=schemas.DmInput,
        responses=schemas.ConversationSchema,
    )
    def post(self, request: Request) -> Response:
        """Open it; asking twice, or both at once, is one conversation."""
        handle = read(schemas.DmInput, request)["user_id"]
        return Response(one(services.open_dm(actor=request.user, handle=handle)))


class Conversation(APIView):
    """One conversation."""

    @extend_schema(operation_id="conversation", responses=schemas.ConversationSchema)
    def get(self, request: Request, conversation_id: str) -> Response:
        """Return it with its members."""
        user = require_user(request.user)
        member = selectors.membership(user=user, conversation_id=conversation_id)
        return Response(one(member))

    @extend_schema(
        operation_id="conversation_update",
        request=schemas.ConversationInput,
        responses=schemas.ConversationSchema,
    )
    def patch(self, request: Request, conversation_id: str) -> Response:
        """Change the group's name or openness, or the caller's mute, pin, archive, draft."""
        fields = read(schemas.ConversationInput, request)
        group = {name: value for name, value in fields.items() if name in GROUP_FIELDS}
        own = {name: value for name, value in fields.items() if name not in GROUP_FIELDS}
        if group:
            services.update_group(actor=request.user, conversation_id=conversation_id, **group)
        if own:
            services.update_own(actor=request.user, conversation_id=conversation_id, **own)
        return self.get(request, conversation_id)

    @extend_schema(operation_id="conversation_leave", responses={204: None})
    def delete(self, request: Request, conversation_id: str) -> Response:
        """Leave a group; clear a pair's history for the caller."""
        services.leave(actor=request.user, conversation_id=conversation_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Members(APIView):
    """Who is in a group."""

    takes_idempotency_key = False

    @extend_schema(
        operation_id="members_add",
        request=schemas.MembersInput,
        responses=schemas.ConversationSchema,
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        """Add people: friends at once, others are asked."""
        handles = read(schemas.MembersInput, request)["members"]
        services.add_members(actor=request.user, conversation_id=conversation_id, handles=handles)
        user = require_user(request.user)
        return Response(one(selectors.membership(user=user, conversation_id=conversation_id)))


class MemberDetail(APIView):
    """One member of a group."""

    @extend_schema(operation_id="member_role", request=schemas.RoleInput, responses={204: None})
    def patch(self, request: Request, conversation_id: str, user_id: str) -> Response:
        """Give a role; `owner` hands the group over."""
        services.set_role(
            actor=request.user,
            conversation_id=conversation_id,
            user_id=user_id,
            role=read(schemas.RoleInput, request)["role"],
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(operation_id="member_remove", responses={204: None})
    def delete(self, request: Request, conversation_id: str, user_id: str) -> Response:
        """Take somebody out, who hears nothing from then on."""
        services.remove_member(actor=request.user, conversation_id=conversation_id, user_id=user_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class _Answer(APIView):
    takes_idempotency_key = False
    answer: Any = ""

    def post(self, request: Request, conversation_id: str) -> Response:
        """Answer whoever wrote or invited."""
        member = services.answer_request(
            actor=request.user, conversation_id=conversation_id, answer=self.answer
        )
        return Response({"state": member.state})


@extend_schema(operation_id="request_accept", request=None, responses={200: None})
class Accept(_Answer):
    """Yes."""

    answer = "accept"


@extend_schema(operation_id="request_decline", request=None, responses={200: None})
class Decline(_Answer):
    """No, in silence."""

    answer = "decline"


@extend_schema(operation_id="request_block", request=None, responses={200: None})
class BlockSender(_Answer):
    """No, and never again."""

    answer = "block"


class Link(APIView):
    """The invite link of a group."""

    takes_idempotency_key = False

    @extend_schema(operation_id="link", responses=schemas.LINK)
    def get(self, request: Request, conversation_id: str) -> Response:
        """Return the link that works now, to those who run the group; 404 when there is none."""
        link = services.link_of(actor=request.user, conversation_id=conversation_id)
        if link is None:
            raise NotFound
        return Response(_link_json(request, link))

    @extend_schema(operation_id="link_make", request=None, responses=schemas.LINK)
    def post(self, request: Request, conversation_id: str) -> Response:
        """Return a new link, good for a week; the one before is dead."""
        link = services.make_link(actor=request.user, conversation_id=conversation_id)
        return Response(_link_json(request, link))

    @extend_schema(operation_id="link_revoke", responses={204: None})
    def delete(self, request: Request, conversation_id: str) -> Response:
        """End it."""
        services.revoke_link(actor=request.user, conversation_id=conversation_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Picture(APIView):
    """The picture of a group."""

    parser_classes = [PictureParser]
    takes_idempotency_key = False

    @extend_schema(
        operation_id="group_picture_set",
        request={"multipart/form-data": PictureInput},
        responses=schemas.ConversationSchema,
    )
    def put(self, request: Request, conversation_id: str) -> Response:
        """Put one on, as one who runs the group: JPEG, PNG or WebP, cut square."""
        given = request.FILES.get("file")
        if given is None:
            raise Invalid.field("file", "Choose a picture.")
        member = services.set_group_picture(
            actor=request.user, conversation_id=conversation_id, source=given.file
        )
        return Response(one(member))

    @extend_schema(operation_id="group_picture_remove", responses=schemas.ConversationSchema)
    def delete(self, request: Request, conversation_id: str) -> Response:
        """Take it off."""
        member = services.remove_group_picture(actor=request.user, conversation_id=conversation_id)
        return Response(one(member))


class Join(APIView):
    """An open group."""

    takes_idempotency_key = False

    @extend_schema(
        operation_id="conversation_join", request=None, responses=schemas.ConversationSchema
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        """Join it."""
        return Response(
            one(services.join_open(actor=request.user, conversation_id=conversation_id))
        )


class Sync(APIView):
    """What changed while a device was away."""

    @extend_schema(
        operation_id="sync",
        parameters=[OpenApiParameter("cursor", str)],
        responses=schemas.SYNC,
    )
    def get(self, request: Request) -> Response:
        """Return conversations changed since the cursor (with an overlap), and those that ended."""
        user = require_active(request.user)
        now = timezone.now()
        members = selectors.changed_since(user=user, cursor=_cursor(request))
        open_states = (policies.State.ACTIVE, policies.State.REQUEST)
        live = [member for member in members if member.state in open_states]
        return Response(
            {
                "conversations": shelf.conversations_json(live, whole=True),
                "ended": [one.conversation_id for one in members if one not in live],
                "badge": selectors.unread_total(user),
                "cursor": now.isoformat(),
                "now": now,
            }
        )


class Unread(APIView):
    """The badge of the navigation."""

    @extend_schema(operation_id="chat_unread", responses=schemas.UNREAD)
    def get(self, request: Request) -> Response:
        """Return how many conversations have something unread and are not muted."""
        return Response({"conversations": selectors.unread_total(require_active(request.user))})


class Settings(APIView):
    """What the caller lets others know."""

    @extend_schema(operation_id="chat_settings", responses=schemas.SettingsBody)
    def get(self, request: Request) -> Response:
        """Return read receipts and presence, on or off."""
        row = services.settings_of(require_user(request.user))
        return Response({"read_receipts": row.read_receipts, "show_presence": row.show_presence})

    @extend_schema(
        operation_id="chat_settings_update",
        request=schemas.SettingsBody,
        responses=schemas.SettingsBody,
    )
    def patch(self, request: Request) -> Response:
        """Change them; who hides something does not see it of others either."""
        services.update_settings(actor=request.user, **read(schemas.SettingsBody, request))
        return self.get(request)


def _link_json(request: Request, link: InviteLink) -> dict[str, Any]:
    url = request.build_absolute_uri(f"/messages/join/{link.token}")
    return {"url": url, "expires_at": link.expires_at}


def _cursor(request: Request) -> datetime | None:
    given = request.query_params.get("cursor")
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given.replace(" ", "+"))
    except ValueError as error:
        raise Invalid.field("cursor", "This is not a cursor.") from error
    if timezone.is_naive(moment):
        raise Invalid.field("cursor", "This is not a cursor.")
    return moment
