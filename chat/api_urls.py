"""API routes of this app, under `/api/v1/`. An id that is none is "not found"."""

from django.urls import path

from chat.api import attachments, calls, conversations, emoji, messages, realtime, search, themes

ROOM = "conversations/<str:conversation_id>"
urlpatterns = [
    path("calls/turn", calls.Turn.as_view(), name="call-turn"),
    path("calls/<str:conversation_id>/sfu-token", calls.SfuToken.as_view(), name="call-sfu-token"),
    path("calls/<str:conversation_id>/people", calls.PeopleInCall.as_view(), name="call-people"),
    path("conversations", conversations.Conversations.as_view(), name="conversations"),
    path("conversations/dm", conversations.Direct.as_view(), name="conversation-dm"),
    path("conversations/open", search.OpenGroups.as_view(), name="open-groups"),
    path(ROOM, conversations.Conversation.as_view(), name="conversation"),
    path(f"{ROOM}/messages", messages.Messages.as_view(), name="messages"),
    path(f"{ROOM}/read", messages.Read.as_view(), name="conversation-read"),
    path(f"{ROOM}/receipts", messages.Receipts.as_view(), name="receipts"),
    path(f"{ROOM}/events", messages.Events.as_view(), name="conversation-events"),
    path(f"{ROOM}/members", conversations.Members.as_view(), name="members"),
    path(f"{ROOM}/members/<str:user_id>", conversations.MemberDetail.as_view(), name="member"),
    path(f"{ROOM}/request/accept", conversations.Accept.as_view(), name="request-accept"),
    path(f"{ROOM}/request/decline", conversations.Decline.as_view(), name="request-decline"),
    path(f"{ROOM}/request/block", conversations.BlockSender.as_view(), name="request-block"),
    path(f"{ROOM}/link", conversations.Link.as_view(), name="conversation-link"),
    path(f"{ROOM}/picture", conversations.Picture.as_view(), name="conversation-picture"),
    path(f"{ROOM}/join", conversations.Join.as_view(), name="conversation-join"),
    path(f"{ROOM}/theme", themes.RoomTheme.as_view(), name="conversation-theme"),
    path(f"{ROOM}/emoji-sets", emoji.RoomEmoji.as_view(), name="conversation-emoji"),
    path("emoji-sets", emoji.OwnEmoji.as_view(), name="emoji"),
    path("emoji/<str:emoji_id>", emoji.EmojiDetail.as_view(), name="emoji-detail"),
    path("themes", themes.Themes.as_view(), name="themes"),
    path("themes/<str:theme_id>", themes.ThemeDetail.as_view(), name="theme"),
    path("messages/<str:message_id>", messages.MessageDetail.as_view(), name="message"),
    path("messages/<str:message_id>/revisions", messages.Revisions.as_view(), name="revisions"),
    path(
        "messages/<str:message_id>/reactions/<str:emoji>",
        messages.ReactionDetail.as_view(),
        name="reaction",
    ),
    path("attachments", attachments.Attachments.as_view(), name="attachments"),
    path("presence", realtime.Presence.as_view(), name="presence"),
    path("realtime/schema", realtime.Shapes.as_view(), name="realtime-schema"),
    path("realtime/ticket", realtime.Ticket.as_view(), name="realtime-ticket"),
    path("sync", conversations.Sync.as_view(), name="sync"),
    path("chat/unread", conversations.Unread.as_view(), name="chat-unread"),
    path("chat/settings", conversations.Settings.as_view(), name="chat-settings"),
    path("search/messages", search.SearchMessages.as_view(), name="search-messages"),
    path("search/users", search.SearchPeople.as_view(), name="search-users"),
]
