"""API routes of this app, under `/api/v1/`.

Named lists stand before `users/{handle}`; nobody can take their names as a username.
"""

from django.urls import path

from social.graph.api import people, relations, requests

urlpatterns = [
    path("users", people.People.as_view(), name="users"),
    path("users/suggested", people.Suggested.as_view(), name="users-suggested"),
    path("users/suggested/<str:handle>", people.Suggestion.as_view(), name="users-suggestion"),
    path("users/<str:handle>", people.Person.as_view(), name="user"),
    path("users/<str:handle>/followers", people.Followers.as_view(), name="user-followers"),
    path("users/<str:handle>/following", people.Following.as_view(), name="user-following"),
    path("users/<str:handle>/follow", relations.Follow.as_view(), name="user-follow"),
    path("users/<str:handle>/follower", relations.Follower.as_view(), name="user-follower"),
    path("users/<str:handle>/block", relations.Block.as_view(), name="user-block"),
    path("users/<str:handle>/mute", relations.Mute.as_view(), name="user-mute"),
    path("users/<str:handle>/bell", relations.Bell.as_view(), name="user-bell"),
    path(
        "users/<str:handle>/friend-request",
        relations.FriendRequest.as_view(),
        name="user-friend-request",
    ),
    path("friends", people.Friends.as_view(), name="friends"),
    path("friends/<str:handle>", relations.Friend.as_view(), name="friend"),
    path("blocks", people.Blocks.as_view(), name="blocks"),
    path("mutes", people.Mutes.as_view(), name="mutes"),
    path("follow-requests", requests.FollowRequests.as_view(), name="follow-requests"),
    path(
        "follow-requests/<str:request_id>/accept",
        requests.AcceptFollow.as_view(),
        name="follow-request-accept",
    ),
    path(
        "follow-requests/<str:request_id>/decline",
        requests.DeclineFollow.as_view(),
        name="follow-request-decline",
    ),
    path("friend-requests", requests.FriendRequests.as_view(), name="friend-requests"),
    path(
        "friend-requests/<str:request_id>/accept",
        requests.AcceptFriend.as_view(),
        name="friend-request-accept",
    ),
    path(
        "friend-requests/<str:request_id>/decline",
        requests.DeclineFriend.as_view(),
        name="friend-request-decline",
    ),
]
