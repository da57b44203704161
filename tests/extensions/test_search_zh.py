"""Chinese phrases are found, in the index and in the browser alike."""

import json

import pytest
import search_zh

TEXT = "感知机的收敛定理给出更新次数的上界。The perceptron converges."


@pytest.fixture
def index(build_page) -> dict:
    built = build_page(TEXT, "search_zh", language="zh_CN")
    text = (built.outdir / "searchindex.js").read_text("utf-8")
    return json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))


@pytest.mark.parametrize("word", ["感知", "知机", "收敛", "敛定", "定理", "上界"])
def test_every_pair_of_characters_is_in_the_index(index: dict, word: str):
    assert word in index["terms"]


def test_english_words_are_stemmed(index: dict):
    assert "converg" in index["terms"]


def test_a_short_run_stays_whole():
    assert search_zh.pairs("机") == ["机"]
    assert search_zh.pairs("感知") == ["感知"]


def test_mixed_text_is_cut_at_the_change_of_script():
    words = search_zh.ChineseAndEnglish({}).split("softmax回归 softmax 回归")
    assert words == ["softmax", "回归", "softmax", "回归"]
