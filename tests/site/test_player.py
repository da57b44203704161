"""A time mark opens its lecture beside the text, and only then asks the lecture's host."""

import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.site, pytest.mark.browser]

MARK = "a.video-mark:visible"


@pytest.fixture
def page(site: Path, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.asked = []
    page.on(
        "request",
        lambda request: (
            request.url.startswith("https:") and page.asked.append(request.url)
        ),
    )
    page.goto(f"{(site / 'mlp' / 'perceptron.html').as_uri()}?lang=en")
    yield page
    page.close()


def test_a_mark_opens_the_lecture_at_its_second(page):
    mark = page.locator("a.video-mark[href$='t=157']:visible")
    assert page.asked == []
    mark.click()
    source = page.get_attribute(".lecture iframe", "src")
    assert source.startswith("https://player.bilibili.com/player.html?")
    assert {"bvid=BV1hh411U7gn", "p=1", "t=157"} <= set(re.split("[?&]", source))
    assert page.get_attribute(".lecture iframe", "title") == mark.inner_text()
    assert page.locator(".lecture a").get_attribute("href") == mark.get_attribute(
        "href"
    )


@pytest.mark.parametrize("how", ["Escape", "Enter"])
def test_the_keyboard_opens_and_closes_it_and_is_back_at_the_mark(page, how):
    page.locator(MARK).first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.innerText") == "Close"
    page.keyboard.press(how)  # Enter presses the button that has the focus
    assert page.locator(".lecture").count() == 0
    assert page.evaluate("document.activeElement.className").startswith("video-mark")


def test_who_has_switched_the_language_is_back_at_the_marks_twin(page):
    page.locator(MARK).first.click()
    page.click(".bi-switch button[value=zh]")
    page.keyboard.press("Escape")
    focused = "document.activeElement"
    assert page.evaluate(f"{focused}.className").startswith("video-mark")
    assert page.evaluate(f"{focused}.closest('[lang]').lang") == "zh-CN"


def test_another_mark_takes_the_place_of_the_first(page):
    page.locator(MARK).first.click()
    page.locator(MARK).nth(1).focus()
    page.keyboard.press("Enter")
    assert page.locator(".lecture").count() == 1


def test_on_a_phone_it_leaves_room_for_the_text(page):
    page.set_viewport_size({"width": 320, "height": 700})
    page.locator(MARK).first.click()
    box = page.locator(".lecture").bounding_box()
    assert box["width"] <= 320
    assert box["height"] < 350
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 1


def test_with_control_or_without_scripts_a_mark_is_a_link(page, site, browser):
    with page.context.expect_page() as opened:
        page.locator(MARK).first.click(modifiers=["Control"])
    opened.value.close()
    assert page.locator(".lecture").count() == 0
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto((site / "mlp" / "perceptron.html").as_uri())
    href = plain.locator("a.video-mark").first.get_attribute("href")
    assert href.startswith("https://www.bilibili.com/video/BV")
    context.close()


def test_the_pages_policy_lets_the_player_in_and_no_other_frame(page):
    blocked = page.evaluate(
        """async (address) => {
          const told = new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (e) => done(e.blockedURI));
            setTimeout(done, 3000, "");
          });
          const frame = document.createElement("iframe");
          frame.src = address;
          document.body.append(frame);
          return await told;
        }""",
        "https://example.org/",
    )
    assert "example.org" in blocked
