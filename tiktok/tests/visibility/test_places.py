"""No route without a place: whoever adds a door says who may look through it."""

from tiktok.tests.visibility import places


def test_every_route_has_a_place() -> None:
    homeless = [route for route in places.routes() if places.place_of(route) is None]
    assert not homeless, (
        "say in tiktok/tests/visibility which surface or verb this is, or why it shows nothing: "
        + ", ".join(homeless)
    )


def test_no_place_is_left_of_a_route_that_is_gone() -> None:
    known = {places.plain(route) for route in places.routes()}
    assert set(places.REASONS) <= known, set(places.REASONS) - known
