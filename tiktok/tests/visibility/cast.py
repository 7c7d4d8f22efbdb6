"""The people and clips of the two tables: every column is a clip, every row is a viewer."""

from tiktok.tests.visibility.oracle import Clip, Person, World

AUDIENCES = ("everyone", "followers", "friends", "only_me")
# Columns: who posted, and in which ways a clip of theirs can be hidden.
AUTHORS = {
    "pub": Person(),
    "priv": Person(private=True),
    "sus": Person(suspended=True),
    "gone": Person(deactivated=True),
}
STATES = ("draft", "processing", "failed", "scheduled")
VERDICTS = ("held", "removed")
# Rows. `muted` watches like a follower who muted, `muted_stranger` like a stranger who did.
VIEWERS = {
    "stranger": Person(),
    "pending": Person(),
    "followed": Person(),
    "follower": Person(),
    "friend": Person(),
    "friend_only": Person(),
    "blocker": Person(),
    "blocked": Person(),
    "muted": Person(),
    "muted_stranger": Person(),
    "minor": Person(age=17),
    "ageless": Person(age=None),
    "adult": Person(age=18),
    "moderator": Person(moderator=True),
}
# Those who comment under everything, some of whom somebody cannot see.
SPEAKERS = {"speaker": Person(), "shut": Person(suspended=True)}
SHELF = "kept"
ROWS: tuple[str | None, ...] = (None, *VIEWERS, "pub", "priv")


def the_world() -> World:
    """Return the world of the matrix."""
    world = World(people={**AUTHORS, **VIEWERS, **SPEAKERS})
    for author in AUTHORS:
        _post(world, author)
        _know(world, author)
    _stand_beside(world)
    for name, clip in world.clips.items():
        _talk(world, name)
        for viewer in VIEWERS:
            world.likes.add((viewer, name))
            world.saves.add((viewer, name))
        world.shelved |= {(person, SHELF, name) for person in (*AUTHORS, *VIEWERS)}
        for person in (clip.author, *SPEAKERS):
            world.likes.add((person, name))
        for person in (*AUTHORS, "stranger", "follower"):
            world.reposts.add((person, name))
    for comment in world.comments:
        for person in ("pub", "priv", "shut", "stranger"):
            world.comment_likes.add((person, comment))
    # People who cannot see each other meet under what everybody sees.
    world.blocks |= {("blocked", "speaker"), ("speaker", "blocker")}
    return world


def _post(world: World, author: str) -> None:
    if author in ("sus", "gone"):
        for audience in ("everyone", "friends"):
            world.clips[f"{author}-{audience}"] = Clip(author, audience)
        return
    for audience in AUDIENCES:
        world.clips[f"{author}-{audience}"] = Clip(author, audience)
    world.clips[f"{author}-mature"] = Clip(author, mature=True)
    world.clips[f"{author}-removed"] = Clip(author, verdict="removed")
    if author != "pub":
        return
    for state in STATES:
        world.clips[f"{author}-{state}"] = Clip(author, state=state)
    for audience in ("everyone", "friends"):
        world.clips[f"{author}-text-{audience}"] = Clip(author, audience, kind="text")
        world.clips[f"{author}-photos-{audience}"] = Clip(author, audience, kind="photos")
    world.clips[f"{author}-held"] = Clip(author, verdict="held")
    world.clips[f"{author}-deleted"] = Clip(author, deleted=True)


def _stand_beside(world: World) -> None:
    """Post duets of what is open, closed and closed to some, and clips that answer comments."""
    duets = {
        "priv-duet": ("priv", "pub-everyone"),
        "stranger-duet": ("stranger", "pub-everyone"),
        "blocked-duet": ("blocked", "pub-everyone"),
        "pub-duet-narrowed": ("pub", "pub-friends"),
        "pub-duet-suspended": ("pub", "sus-everyone"),
        "stranger-duet-mature": ("stranger", "pub-mature"),
    }
    for name, (author, original) in duets.items():
        world.clips[name] = Clip(author, duet_of=original)
    world.answers = {
        "pub-reply": "speaker on pub-friends",
        "priv-reply": "speaker on pub-everyone",
        "pub-reply-to-shut": "shut on pub-everyone",
    }
    world.clips |= {name: Clip(name.split("-")[0]) for name in world.answers}


def _know(world: World, author: str) -> None:
    for viewer in ("follower", "friend", "muted", "minor", "ageless", "adult"):
        world.follows.add((viewer, author))
    world.follow_requests.add(("pending", author))
    world.friend_requests.add(("pending", author))
    world.follows.add((author, "followed"))
    world.friendships |= {frozenset((viewer, author)) for viewer in ("friend", "friend_only")}
    world.blocks |= {("blocker", author), (author, "blocked")}
    world.mutes |= {("muted", author), ("muted_stranger", author)}


def _talk(world: World, clip: str) -> None:
    for speaker in SPEAKERS:
        world.comments[f"{speaker} on {clip}"] = (clip, speaker, None)
    world.comments[f"answer to shut on {clip}"] = (clip, "speaker", f"shut on {clip}")
    world.comments[f"stranger answers on {clip}"] = (clip, "stranger", f"speaker on {clip}")
