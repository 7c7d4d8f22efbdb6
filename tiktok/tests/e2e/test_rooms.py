"""Two browsers in one room: who is there, a theme seen live, and emoji by their names."""

import io

from PIL import Image
from playwright.sync_api import FilePayload, expect

from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.test_messages import meet, write

BACKGROUND = "element => getComputedStyle(element).backgroundColor"
SHIFT = "element => new DOMMatrix(getComputedStyle(element).transform).f"
SCROLL_UP = "box => { box.scrollTop = 0; }"


def square(color: tuple[int, int, int, int], size: tuple[int, int]) -> bytes:
    data = io.BytesIO()
    Image.new("RGBA", size, color).save(data, "PNG")
    return data.getvalue()


def upload(name: str, size: tuple[int, int] = (60, 60)) -> FilePayload:
    return FilePayload(name=name, mimeType="image/png", buffer=square((200, 40, 90, 120), size))


def test_a_theme_is_made_and_seen_live(arrive: Arrive) -> None:
    ann, ben = arrive(), arrive()
    url = meet(ann, ben)
    for number in range(20):
        write(ann, f"line {number}")
    expect(ann.page.locator("[data-presence-words]")).to_have_text("Online")
    expect(ben.page.locator(".bubble", has_text="line 19")).to_be_visible()
    ann.page.goto(f"/messages/themes/new?room={url.rsplit('/', 1)[1]}")
    page = ann.page
    page.fill("input[name=name]", "Hills")
    page.locator("input[name=background][value=parallax]").check(force=True)
    page.set_input_files("input[name=layer_0]", [upload("far.png", (300, 500))])
    page.set_input_files("input[name=layer_1]", [upload("near.png", (300, 500))])
    expect(page.locator("[data-stage] .ground__layer")).to_have_count(2)
    page.fill("[data-code]", "#ffffff")  # white bubbles under white text
    page.press("[data-code]", "Tab")
    expect(page.locator("[data-save]")).to_be_disabled()
    page.get_by_role("button", name="Make it readable").click()
    expect(page.locator("[data-save]")).to_be_enabled()
    page.locator("[data-disc]").press("ArrowUp")
    page.locator("[data-save]").click()
    page.wait_for_url(url)
    # Nobody has touched the other browser.
    expect(ben.page.locator(".room.is-dressed .ground__layer")).to_have_count(2)
    bubble = ben.page.locator(".said:not(.said--own) .bubble").last
    assert bubble.evaluate(BACKGROUND) == "rgb(255, 255, 255)"
    near = ben.page.locator(".ground__layer").last
    before = float(near.evaluate(SHIFT))
    ben.page.locator("[data-room-scroll]").evaluate(SCROLL_UP)
    handle = near.element_handle()
    moved = "([one, was]) => new DOMMatrix(getComputedStyle(one).transform).f !== was"
    ben.page.wait_for_function(moved, arg=[handle, before])
    ben.page.emulate_media(reduced_motion="reduce")
    stands = "one => new DOMMatrix(getComputedStyle(one).transform).f === 0"
    ben.page.wait_for_function(stands, arg=handle)
    ben.page.goto("/messages")
    expect(ben.page.locator(".chat__face.is-online")).to_have_count(1)
    page.fill("[data-room-body]", "I am writ")
    expect(ben.page.locator("[data-chat-last]")).to_have_text("Writing…")
    expect(ben.page.locator("[data-chat-last]")).to_have_text("line 19")
    ben.page.goto(url)
    expect(ben.page.locator(".room.is-dressed")).to_have_count(1)


def test_emoji_are_offered_and_shown(arrive: Arrive) -> None:
    ann, ben = arrive(), arrive()
    url = meet(ann, ben)
    page = ann.page
    page.goto("/messages/emoji")
    page.set_input_files("input[name=file]", [upload("Dragon fruit.png")])
    expect(page.locator("[name=shortcode]")).to_have_value("dragon_fruit")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".emoji-item")).to_contain_text(":dragon_fruit:")
    page.goto(url)
    field = page.locator("[data-room-body]")
    field.press_sequentially("have a :fru")
    expect(page.locator(".offer").first).to_contain_text(":dragon_fruit:")
    field.press("Enter")
    expect(field).to_have_value("have a :dragon_fruit: ")
    field.press_sequentially("and :thumbsu")
    field.press("Tab")
    field.press("Enter")
    for visitor in (ann, ben):
        bubble = visitor.page.locator(".bubble", has_text="have a").last
        expect(bubble).to_contain_text("👍")
        picture = bubble.locator("img.emoji").element_handle()
        visitor.page.wait_for_function("one => one.naturalWidth === 60", arg=picture)
    theirs = ann.page.locator(".said--own").last
    theirs.locator("summary").click()
    theirs.locator(".said__menu [data-emoji=':dragon_fruit:']").click()
    expect(ben.page.locator(".mark img.emoji")).to_have_count(1)
