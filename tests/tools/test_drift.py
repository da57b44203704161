"""A change that forgets one of two twins is named; any other change passes."""

import subprocess

import drift
import pytest

PAGE = """---
kernelspec: {name: python3}
---
# 感知机 | The perceptron

感知机会学习。

The perceptron learns.

- 停止条件 | Stopping condition
- 第一条。

  The first one.

1. 初始化
2. 更新

1) Initialise
2) Update

| 名称 \\| Name |
|---|
| 间隔 \\| Margin |

```{note}
数据可分。

The data are separable.
```

```{code-cell}
---
mystnb:
  figure:
    caption: |
      决策边界。

      The decision boundary.
  image:
    alt: 一条线 | A line
---
x = "代码"
```

$$
a
$$

公式 $a$ 很短。

The formula $a$ is short.

[^a]: 注释。

    A note.

概率 | Probability
: 介于零与一之间。

  Between zero and one.

::::{prf:theorem} 收敛 | Convergence
:label: thm-finite

若数据可分，则：

If the data are separable, then:

```{math}
:label: eq-bound
n \\le 1
```

步数有限。

The steps are finite.
::::
"""


@pytest.fixture
def repository(tmp_path):
    """A book of one page in git, one commit deep."""

    class Repository:
        book = tmp_path / "book"

        def git(self, *arguments):
            identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
            subprocess.run(
                ["git", *identity, *arguments],
                cwd=tmp_path,
                check=True,
                capture_output=True,
            )

        def edit(self, *changes, page="index.md"):
            path = self.book / page
            text = path.read_text("utf-8")
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
            path.write_text(text, "utf-8")

        def commit(self, message="change"):
            self.git("add", ".")
            self.git("commit", "-qm", message)

        def check(self, base=None):
            told = drift.check(self.book, base)
            return [line.removeprefix(f"{self.book}/") for line in told]

    made = Repository()
    made.book.mkdir()
    (made.book / "index.md").write_text(PAGE, "utf-8")
    made.git("init", "-qb", "main")
    made.commit()
    return made


TWINS = {
    "paragraph": ("感知机会学习。", "The perceptron learns.", 6, 8),
    "heading": ("感知机 |", "The perceptron\n", 4, 4),
    "short item": ("停止条件", "Stopping condition", 10, 10),
    "long item": ("第一条。", "The first one.", 11, 13),
    "item of whole lists": ("更新", "Update", 16, 19),
    "cell": ("间隔", "Margin", 23, 23),
    "box": ("数据可分。", "The data are separable.", 26, 28),
    "caption of a cell": ("决策边界。", "The decision boundary.", 36, 38),
    "alt text": ("一条线", "A line", 40, 40),
    "paragraph with math": ("公式 $a$ 很短。", "The formula $a$ is short.", 49, 51),
    "footnote": ("注释。", "A note.", 53, 55),
    "term": ("概率", "Probability", 57, 57),
    "definition": ("介于零与一之间。", "Between zero and one.", 58, 60),
    "title of a box": ("收敛", "Convergence", 62, 62),
    "after an equation in a box": ("步数有限。", "The steps are finite.", 74, 76),
}


@pytest.mark.parametrize("kind", TWINS)
def test_a_change_of_the_chinese_names_the_english(repository, kind):
    zh, _, _, line = TWINS[kind]
    repository.edit((zh, f"新{zh}"))
    (told,) = repository.check()
    assert told.startswith(f"index.md:{line}: the Chinese twin ")
    assert "this English one did not" in told


@pytest.mark.parametrize("kind", TWINS)
def test_a_change_of_the_english_names_the_chinese(repository, kind):
    _, en, line, _ = TWINS[kind]
    repository.edit((en, f"Newly {en}"))
    (told,) = repository.check()
    assert told.startswith(f"index.md:{line}: the English twin ")
    assert "this Chinese one did not" in told


@pytest.mark.parametrize("kind", TWINS)
def test_a_change_of_both_twins_passes(repository, kind):
    zh, en, *_ = TWINS[kind]
    repository.edit((zh, f"新{zh}"), (en, f"Newly {en}"))
    assert repository.check() == []


def test_nothing_changed_passes(repository):
    assert repository.check() == []


def test_punctuation_space_and_case_count_for_nothing(repository):
    repository.edit(("The perceptron learns.", "The Perceptron, learns!"))
    assert repository.check() == []


def test_code_counts_for_nothing(repository):
    repository.edit(('x = "代码"', 'x = "新代码"'))
    assert repository.check() == []


def test_new_twins_pass(repository):
    repository.edit(("$$\na", "新的一段。\n\nA new one.\n\n$$\na"))
    assert repository.check() == []


def test_moved_twins_pass(repository):
    twins = "感知机会学习。\n\nThe perceptron learns.\n\n"
    repository.edit((twins, ""))
    repository.edit(("[^a]: ", f"{twins}[^a]: "))
    assert repository.check() == []


def test_a_forgotten_twin_is_found_after_a_move_to_another_page(repository):
    twins = "感知机会学习。\n\nThe perceptron learns.\n\n"
    repository.edit((twins, ""))
    changed = twins.replace("learns", "never learns")
    (repository.book / "other.md").write_text(changed, "utf-8")
    (told,) = repository.check()
    assert told.startswith("other.md:1: the English twin ")


def test_a_branch_is_compared_with_where_it_left_main(repository):
    repository.git("checkout", "-qb", "topic")
    repository.edit(("感知机会学习。", "感知机不会学习。"))
    repository.commit()
    repository.edit(("The data are", "The data must be"))
    repository.commit()
    assert len(repository.check()) == 2


def test_main_is_compared_with_the_commit_before(repository):
    repository.edit(("感知机会学习。", "感知机不会学习。"))
    repository.commit()
    assert len(repository.check()) == 1


def test_a_commit_message_lets_a_line_through(repository):
    repository.git("checkout", "-qb", "topic")
    repository.edit(("The perceptron learns.", "The perceptron learns it."))
    repository.commit("perceptron: mend\n\nOne-sided: index.md:6 a word was missing\n")
    assert repository.check() == []


@pytest.mark.parametrize("page", ["index.md", "book/index.md"])
def test_the_message_of_the_commit_to_be_lets_a_line_through(
    repository, capsys, monkeypatch, page
):
    monkeypatch.chdir(repository.book.parent)
    repository.edit(("The perceptron learns.", "The perceptron learns it."))
    assert drift.main(["book"]) == 1
    assert "book/index.md:6: the English twin" in capsys.readouterr().out
    message = repository.book.parent / "message"
    message.write_text(f"perceptron: mend\n\nOne-sided: {page}:6 a word was missing\n")
    assert drift.main(["book", "--message", "message"]) == 0


def test_a_build_folder_is_no_part_of_the_book(repository):
    (repository.book / "_build").mkdir()
    (repository.book / "_build" / "index.md").write_text("感知机。\n", "utf-8")
    assert list(drift.pages_now(repository.book)) == ["index.md"]


def test_the_command_ends_with_one_when_a_twin_was_forgotten(repository, capsys):
    repository.edit(("感知机会学习。", "感知机不会学习。"))
    assert drift.main([str(repository.book)]) == 1
    assert "Forgotten twins: 1." in capsys.readouterr().out


def test_an_unknown_base_is_an_error_that_names_it(repository, capsys):
    assert drift.main([str(repository.book), "--base", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_without_history_the_check_is_skipped(tmp_path, capsys):
    assert drift.main([str(tmp_path)]) == 0
    assert "skipped" in capsys.readouterr().err
