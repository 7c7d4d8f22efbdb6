"""Pages of this app."""

from django.urls import path

from feed.views import collections, controls, discovery, embed, feeds, people, sounds, watch

app_name = "feed"
urlpatterns = [
    path("", feeds.home, name="home"),
    path("following", feeds.following, name="following"),
    path("friends", feeds.friends, name="friends"),
    path("explore", discovery.explore, name="explore"),
    path("search", discovery.search_page, name="search"),
    path("search/suggestions", discovery.suggestions, name="search_suggestions"),
    path("search/history/clear", discovery.clear_history, name="clear_history"),
    path("tag/<str:tag>", discovery.tag, name="tag"),
    path("tag/<str:tag>/follow", discovery.follow_tag, name="follow_tag"),
    path("sound/<uuid:sound_id>", sounds.sound, name="sound"),
    path("feed/page", feeds.page, name="page"),
    path("embed/<uuid:video_id>", embed.embed, name="embed"),
    path("oembed", embed.oembed, name="oembed"),
    path("collections/<uuid:collection_id>", collections.collection, name="collection"),
    path("interests", controls.picker, name="interests"),
    path("settings/feed", controls.settings_page, name="settings_feed"),
    path("videos/<uuid:video_id>/why", controls.why, name="why"),
    path("videos/<uuid:video_id>/not-interested", controls.not_interested, name="not_interested"),
    path("@<str:username>", people.profile, name="profile"),
    path("@<str:username>/<str:tab>", people.profile, name="profile_tab"),
    path("@<str:username>/video/<uuid:video_id>", watch.watch, name="watch"),
]
