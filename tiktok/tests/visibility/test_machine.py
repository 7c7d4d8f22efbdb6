"""Anything that five people and a moderator can do, in any order: the oracle keeps agreeing.

MACHINE_EXAMPLES and MACHINE_STEPS make the run longer (and then random); the default one is short
and always the same.
"""

import os
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts import services as accounts
from accounts.models import User
from core.errors import DomainError
from core.testing import commit, run_jobs
from feed import freshness
from social.engagement import services as engagement
from social.graph import services as graph
from social.graph.models import FollowRequest, FriendRequest
from tiktok.tests.visibility import oracle, surfaces
from tiktok.tests.visibility.oracle import Clip, Person, World
from tiktok.tests.visibility.staging import Stage, stage
from tiktok.tests.visibility.watching import disagreements, stands
from videos import services as videos

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "2"))
STEPS = int(os.environ.get("MACHINE_STEPS", "12"))
PEOPLE = ("ann", "ben", "cat", "dan", "eve")
CLIPS = ("ann 1", "ann 2", "ben 1", "cat 1", "cat 2", "dan 1")
people, clips, switch = st.sampled_from(PEOPLE), st.sampled_from(CLIPS), st.booleans()
audiences = st.sampled_from(["everyone", "followers", "friends", "only_me"])


def small_world() -> World:
    world = World(people={name: Person() for name in PEOPLE})
    world.people["cat"].private = True
    world.people["eve"].age = 16
    for name in CLIPS:
        world.clips[name] = Clip(name.split()[0])
        world.comments[f"ben on {name}"] = (name, "ben", None)
        world.comments[f"eve answers on {name}"] = (name, "eve", f"ben on {name}")
    world.clips["ann 2"].audience = "friends"
    world.clips["dan 1"].duet_of = "ann 1"
    world.clips["cat 2"].duet_of = "ben 1"
    world.follows |= {("ben", "ann"), ("eve", "cat"), ("dan", "cat")}
    world.friendships.add(frozenset(("ann", "dan")))
    return world


class Network(RuleBasedStateMachine):
    """What people do, in the product and in the oracle's world at once."""

    def __init__(self) -> None:
        super().__init__()
        cache.clear()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.made: Stage = stage(small_world(), files=False)
        self.world = self.made.world
        self.mod = User.objects.create_user(
            "mod", "mod@example.com", is_staff=True, is_superuser=True, name="The moderator"
        )
        self.steps = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def user(self, name: str) -> User:
        return User.objects.get(pk=self.made.users[name].pk)

    def attempt(self, allowed: bool, verb: Callable[[], object]) -> bool:
        """Do it; the services must allow exactly what the oracle does."""
        refused: DomainError | None = None
        try:
            with transaction.atomic():
                verb()
        except DomainError as error:
            refused = error
        commit()
        assert allowed == (refused is None), refused or "this had to be refused"
        return allowed

    def meet(self, one: str, other: str) -> bool:
        """Return whether `one` can act and sees `other`."""
        return stands(self.made, one) and oracle.may_see_person(self.world, one, other)

    def on_person(self, verb: Callable[..., object], one: str, other: str, allowed: bool) -> bool:
        if one == other:
            return False
        return self.attempt(
            allowed, lambda: verb(actor=self.user(one), user_id=self.made.users[other].pk)
        )

    @rule(one=people, other=people)
    def follow(self, one: str, other: str) -> None:
        if self.on_person(graph.follow, one, other, self.meet(one, other)):
            pair = (one, other)
            if self.world.people[other].private and pair not in self.world.follows:
                self.world.follow_requests.add(pair)
            else:
                self.world.follows.add(pair)
                self.world.follow_requests.discard(pair)

    @rule(one=people, other=people)
    def unfollow(self, one: str, other: str) -> None:
        if self.on_person(graph.unfollow, one, other, self.meet(one, other)):
            self.world.follows.discard((one, other))
            self.world.follow_requests.discard((one, other))

    @rule(one=people, other=people)
    def remove_follower(self, one: str, other: str) -> None:
        if self.on_person(graph.remove_follower, one, other, self.meet(one, other)):
            self.world.follows.discard((other, one))
            self.world.follow_requests.discard((other, one))

    @rule(yes=switch, pick=st.integers(0, 9))
    def answer_follow_request(self, yes: bool, pick: int) -> None:
        waiting = sorted(self.world.follow_requests)
        if not waiting:
            return
        sender, target = waiting[pick % len(waiting)]
        row = FollowRequest.objects.get(
            sender=self.made.users[sender], target=self.made.users[target]
        )
        verb = graph.accept_follow_request if yes else graph.decline_follow_request
        done = self.attempt(
            self.meet(target, sender), lambda: verb(actor=self.user(target), request_id=row.pk)
        )
        if done:
            self.world.follow_requests.discard((sender, target))
            self.world.follows |= {(sender, target)} if yes else set()

    @rule(one=people, other=people)
    def ask_to_be_friends(self, one: str, other: str) -> None:
        if self.on_person(graph.send_friend_request, one, other, self.meet(one, other)):
            if frozenset((one, other)) in self.world.friendships:
                return
            if (other, one) in self.world.friend_requests:
                self.befriend(other, one)
            else:
                self.world.friend_requests.add((one, other))

    @rule(yes=switch, pick=st.integers(0, 9))
    def answer_friend_request(self, yes: bool, pick: int) -> None:
        waiting = sorted(self.world.friend_requests)
        if not waiting:
            return
        sender, target = waiting[pick % len(waiting)]
        row = FriendRequest.objects.get(
            sender=self.made.users[sender], recipient=self.made.users[target]
        )
        verb = graph.accept_friend_request if yes else graph.decline_friend_request
        done = self.attempt(
            self.meet(target, sender), lambda: verb(actor=self.user(target), request_id=row.pk)
        )
        if done and yes:
            self.befriend(sender, target)
        elif done:
            self.world.friend_requests.discard((sender, target))

    def befriend(self, sender: str, target: str) -> None:
        self.world.friend_requests.discard((sender, target))
        self.world.friendships.add(frozenset((sender, target)))

    @rule(one=people, other=people)
    def unfriend(self, one: str, other: str) -> None:
        if self.on_person(graph.unfriend, one, other, self.meet(one, other)):
            self.world.friendships.discard(frozenset((one, other)))

    @rule(one=people, other=people)
    def block(self, one: str, other: str) -> None:
        again = stands(self.made, one) and (one, other) in self.world.blocks
        if self.on_person(graph.block, one, other, self.meet(one, other) or again):
            self.world.blocks.add((one, other))
            self.world.friendships.discard(frozenset((one, other)))
            for pair in ((one, other), (other, one)):
                self.world.follows.discard(pair)
                self.world.follow_requests.discard(pair)
                self.world.friend_requests.discard(pair)

    @rule(one=people, other=people)
    def unblock(self, one: str, other: str) -> None:
        again = stands(self.made, one) and (one, other) in self.world.blocks
        if self.on_person(graph.unblock, one, other, self.meet(one, other) or again):
            self.world.blocks.discard((one, other))

    @rule(one=people, other=people, on=switch)
    def mute(self, one: str, other: str, on: bool) -> None:
        verb = graph.mute if on else graph.unmute
        if self.on_person(verb, one, other, self.meet(one, other)):
            change = self.world.mutes.add if on else self.world.mutes.discard
            change((one, other))

    @rule(one=people, private=switch)
    def set_private(self, one: str, private: bool) -> None:
        if not stands(self.made, one):
            return
        accounts.set_private(actor=self.user(one), is_private=private)
        changed = self.world.people[one].private != private
        self.world.people[one].private = private
        run_jobs()
        if changed and not private:
            waiting = {pair for pair in self.world.follow_requests if pair[1] == one}
            accepted = {pair for pair in waiting if stands(self.made, pair[0])}
            self.world.follow_requests -= accepted
            self.world.follows |= accepted

    @rule(clip=clips, audience=audiences)
    def change_audience(self, clip: str, audience: str) -> None:
        if self.edit(clip, audience=audience):
            self.world.clips[clip].audience = audience

    @rule(clip=clips, mature=switch)
    def change_mature(self, clip: str, mature: bool) -> None:
        if self.edit(clip, mature=mature):
            self.world.clips[clip].mature = mature

    @rule(clip=clips, draft=switch)
    def change_draft(self, clip: str, draft: bool) -> None:
        if self.edit(clip, draft=draft):
            self.world.clips[clip].state = "draft" if draft else "published"

    def edit(self, clip: str, **changes: object) -> bool:
        author, video = self.world.clips[clip].author, self.made.videos[clip]
        allowed = stands(self.made, author) and not self.world.clips[clip].deleted
        return self.attempt(
            allowed,
            lambda: videos.edit_video(actor=self.user(author), video_id=video.pk, **changes),
        )

    @rule(clip=clips, sure=st.integers(0, 3))
    def delete(self, clip: str, sure: int) -> None:
        author, video = self.world.clips[clip].author, self.made.videos[clip]
        if sure:
            return  # Rarely: a world without clips has nothing to tell.
        allowed = stands(self.made, author) and not self.world.clips[clip].deleted
        if self.attempt(
            allowed, lambda: videos.delete_video(actor=self.user(author), video_id=video.pk)
        ):
            self.world.clips[clip].deleted = True

    @rule(clip=clips, remove=switch)
    def moderate(self, clip: str, remove: bool) -> None:
        video, allowed = self.made.videos[clip], not self.world.clips[clip].deleted
        if remove:
            done = self.attempt(
                allowed,
                lambda: videos.remove_video(actor=self.mod, video_id=video.pk, reason="Rules."),
            )
        else:
            done = self.attempt(
                allowed, lambda: videos.restore_video(actor=self.mod, video_id=video.pk)
            )
        if done:
            self.world.clips[clip].verdict = "removed" if remove else "visible"

    @rule(one=people, shut=switch)
    def suspend(self, one: str, shut: bool) -> None:
        verb = accounts.suspend_user if shut else accounts.unsuspend_user
        verb(actor=self.mod, user_id=self.made.users[one].pk, reason="Rules.")
        commit()
        self.world.people[one].suspended = shut

    @rule(one=people, away=switch)
    def deactivate(self, one: str, away: bool) -> None:
        """The row says it, whichever door wrote it: rule 4 reads nothing else."""
        User.objects.filter(pk=self.made.users[one].pk).update(is_active=not away)
        freshness.forget_everything()
        self.world.people[one].deactivated = away

    @rule(one=people, clip=clips, on=switch)
    def like(self, one: str, clip: str, on: bool) -> None:
        verb = engagement.like_video if on else engagement.unlike_video
        allowed = oracle.may_view(self.world, one, self.world.clips[clip])
        video = self.made.videos[clip]
        if self.attempt(allowed, lambda: verb(actor=self.user(one), video_id=video.pk)):
            change = self.world.likes.add if on else self.world.likes.discard
            change((one, clip))

    @invariant()
    def every_surface_agrees(self) -> None:
        self.steps += 1
        wrong = list(disagreements(self.made, old_seed="1"))
        assert not wrong, "\n".join(wrong)

    @invariant()
    def so_does_http(self) -> None:
        """Ask for one clip as one viewer, another pair each time, by API and page."""
        viewer = (None, *PEOPLE)[self.steps % 6]
        clip = CLIPS[self.steps // 6 % 6]
        video, author = self.made.videos[clip], self.world.clips[clip].author
        if viewer and not stands(self.made, viewer):
            return
        seen = oracle.may_view(self.world, viewer, self.world.clips[clip])
        client = self.made.client(viewer)
        for surface in surfaces.CLIP:
            expected = surface.found if seen else 404
            assert client.get(surface.path(author, video.pk)).status_code == expected


@pytest.mark.django_db
def test_the_oracle_agrees_whatever_people_do() -> None:
    short = "MACHINE_EXAMPLES" not in os.environ
    run_state_machine_as_test(
        Network,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=short,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
