"""Plain strings: which half, which script, which numbers."""

import pytest
from bilingual.texts import (
    halves,
    is_name,
    number_differences,
    numerals,
    pick,
    script_of,
    words,
)


def test_a_pair_has_chinese_before_the_bar_and_none_after():
    assert halves("轮 | epoch") == ("轮", "epoch")
    assert halves("epoch | 轮") is None
    assert halves("轮 | 回") is None


@pytest.mark.parametrize("text", ["轮|epoch", "轮", "P(A | B)", "甲 | A | B", "甲 | "])
def test_other_bars_make_no_pair(text):
    assert halves(text) is None


def test_a_bracket_that_opens_in_one_half_and_closes_in_the_other_makes_no_pair():
    assert halves("条件概率 P(x | y)") is None
    assert halves("条件（概率） | conditional (probability)") is not None


def test_pick_leaves_what_is_no_pair():
    assert pick("ReLU", "zh") == "ReLU"
    assert pick("轮 | epoch", "both") == "轮 | epoch"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("感知机", "zh"),
        ("用 PyTorch 的 nn.Linear 写一个模型", "zh"),
        ("The perceptron (感知机) is a classifier.", "en"),
        ("PyTorch", None),
        ("Fashion-MNIST", None),
        ("See below.", "en"),
        ("batch size", "en"),
        ("d2l.ai", None),
        ("", None),
    ],
)
def test_the_script_tells_the_language(text, script):
    assert script_of(text) == script


def test_after_a_chinese_block_any_latin_letter_is_its_twin():
    assert script_of("A") is None
    assert script_of("A", waiting=True) == "en"


def test_a_name_has_few_words_and_no_common_one():
    assert is_name("Xavier Glorot")
    assert not is_name("Xavier Glorot, Yoshua Bengio and others")
    assert not is_name("learning rate")


def test_addresses_and_file_names_are_no_words():
    assert words("see https://a.example/b and data/batches.py") == ["see", "and"]


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("6 万张", "60,000 images"),
        ("1.2 亿", "120 million"),
        ("2 000 张", "2 000 images"),
        ("1958 年 7 月 8 日", "in July 1958"),
        ("20 世纪 80 年代", "in the 1980s"),
        ("28 × 28 像素", "28 by 28 pixels"),
    ],
)
def test_numbers_have_one_form_in_both_languages(zh, en):
    assert numerals(zh) == numerals(en)


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("两层", "2 layers"),
        ("3 类", "three classes"),
        ("1 个", "a unit"),
        ("50%", "half"),
    ],
)
def test_a_small_number_may_be_spelled_in_one_twin(zh, en):
    assert number_differences(zh, en) == ([], [])


def test_another_number_is_a_difference():
    assert number_differences("有 3 层", "has 4 layers") == (["3"], ["4"])
    assert number_differences("0.1", "0.01") == (["0.1"], ["0.01"])
