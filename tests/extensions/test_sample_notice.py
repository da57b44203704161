"""A page that trained on the sample says so, in both languages."""

import pytest

LOADS = "```python\ntrain = load_fashion_mnist()\n```"


@pytest.fixture
def boxes(build_book, monkeypatch):
    """The texts of the boxes of a page with this code, built with this data."""

    def build(code: str, data: str, **conf) -> list[str]:
        monkeypatch.setenv("D2LNOTES_DATA", data)
        page = f"# 甲 | A\n\n{code}\n\n文。\n\nText.\n"
        book = build_book({"a": page}, "sample_notice", **conf)
        assert book.warnings == []
        return [box.text for box in book.page("a").select(".admonition.warning")]

    return build


def test_a_page_that_loads_the_images_has_the_notice_below_its_title(boxes):
    (notice,) = boxes(LOADS, "sample")
    assert "本次构建只用了随书附带的小样本" in notice
    assert "used only the small sample" in notice


def test_an_edition_has_it_in_its_language(boxes):
    (notice,) = boxes(LOADS, "sample", bilingual_mode="en")
    assert "small sample" in notice
    assert "样本" not in notice


@pytest.mark.parametrize(
    ("code", "data"), [(LOADS, "full"), ("```python\nx = 1\n```", "sample")]
)
def test_another_page_and_another_build_have_none(boxes, code, data):
    assert boxes(code, data) == []
