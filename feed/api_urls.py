"""API routes of this app, under `/api/v1/`.

Named feeds stand before `videos/{id}`, which takes anything else: what is no id is "not found".
"""

from django.urls import path

from feed.api import controls, discovery, feeds, people, sounds, videos

urlpatterns = [
    path("videos/feed", feeds.Feed.as_view(), name="feed"),
    path("videos", videos.Videos.as_view(), name="videos"),
    path("video", videos.VideoAlias.as_view(), name="video-alias"),
    path("videos/feed/all", feeds.AllFeed.as_view(), name="feed-all"),
    path("videos/feed/following", feeds.FollowingFeed.as_view(), name="feed-following"),
    path("feed/interests", controls.Interests.as_view(), name="feed-interests"),
    path("feed/reset", controls.Reset.as_view(), name="feed-reset"),
    path("feed/mutes", controls.Mutes.as_view(), name="feed-mutes"),
    path("feed/mutes/<str:mute_id>", controls.Mute.as_view(), name="feed-mute"),
    path("videos/<str:video_id>/why", controls.Why.as_view(), name="video-why"),
    path(
        "videos/<str:video_id>/not-interested",
        controls.NotInterested.as_view(),
        name="not-interested",
    ),
    path("videos/<str:video_id>", videos.VideoDetail.as_view(), name="video"),
    path("tags/trending", discovery.Trending.as_view(), name="tags-trending"),
    path("tags/<str:tag>", discovery.Tag.as_view(), name="tag"),
    path("tags/<str:tag>/videos", discovery.TagVideos.as_view(), name="tag-videos"),
    path("tags/<str:tag>/follow", discovery.TagFollowing.as_view(), name="tag-follow"),
    path("sounds/<str:sound_id>", sounds.SoundDetail.as_view(), name="sound"),
    path("sounds/<str:sound_id>/videos", sounds.SoundVideos.as_view(), name="sound-videos"),
    path("search", discovery.Search.as_view(), name="search"),
    path("search/suggest", discovery.Suggest.as_view(), name="search-suggest"),
    path("search/history", discovery.History.as_view(), name="search-history"),
    path("users/<str:handle>/videos", people.UserVideos.as_view(), name="user-videos"),
    path("users/<str:handle>/liked", people.UserLiked.as_view(), name="user-liked"),
    path("users/<str:handle>/saved", people.UserSaved.as_view(), name="user-saved"),
    path("users/<str:handle>/reposts", people.UserReposts.as_view(), name="user-reposts"),
    path(
        "collections/<str:collection_id>/videos",
        people.CollectionVideos.as_view(),
        name="collection-videos",
    ),
]
