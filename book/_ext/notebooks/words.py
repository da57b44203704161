"""What a notebook, the zip and the buttons say beside the book's own text."""

from __future__ import annotations

NOTE = {
    "zh": (
        "> **怎样运行。** 本笔记本由《{title}》的网页生成，输出是构建那一页时得到的。运行它需要本书的 Python 包 "
        "`{package}`：把网站上的 `{zip}` 解压，在解压得到的文件夹里执行 "
        "`python -m pip install -r requirements.txt`；在 Colab 里上传其中的 `{wheel}`，执行 "
        "`%pip install {wheel}`。折叠的单元格画图，或检验正文的说法；“全部运行”不会因为检验不通过而停下。"
    ),
    "en": (
        "> **How to run it.** This notebook was made from a page of “{title}”; its outputs are those that "
        "the page was built with. It needs the book's Python package `{package}`: unpack the site's "
        "`{zip}` and run `python -m pip install -r requirements.txt` in the folder that comes out; on "
        "Colab, upload its `{wheel}` and run `%pip install {wheel}`. Folded cells draw, or check what "
        "the text says; “Run All” does not stop when such a check fails."
    ),
}
PAGE = {
    "zh": "> 网页：[{address}]({address})",
    "en": "> The page: [{address}]({address})",
}
REFERENCES = {"zh": "参考文献", "en": "References"}

README = """# {titles}

Notebooks of the book, with the package that they use.
本书的笔记本，以及它们所用的包。

## 中文

`zh/` 里是中文笔记本，`en/` 里是英文的，代码相同。在这个文件夹里执行：

```
python -m venv .venv
.venv/bin/python -m pip install -r requirements.txt jupyterlab
.venv/bin/jupyter lab zh
```

Windows 上把 `.venv/bin/` 换成 `.venv\\Scripts\\`。`requirements.txt` 装上这里的 `{wheel}`，以及构建本书时
所用版本的 PyTorch 等。只要 Python ≥ 3.10、PyTorch ≥ 2.4，只装这个 wheel 也可以：
`pip install {wheel}`；数字会略有不同。需要图像的页面第一次运行时下载 Fashion-MNIST（30 MB），不联网时设
`D2LNOTES_DATA=sample`，用包里的小样本（数字就与正文不同了）。

`.ipynb` 里的输出是构建网站时得到的。折叠的单元格画图，或检验正文的说法；在 JupyterLab 里，练习的解答折叠在标题下面。

## English

`en/` has the notebooks in English, `zh/` those in Chinese; the code is the same. In this folder:

```
python -m venv .venv
.venv/bin/python -m pip install -r requirements.txt jupyterlab
.venv/bin/jupyter lab en
```

On Windows write `.venv\\Scripts\\` for `.venv/bin/`. `requirements.txt` installs `{wheel}` from here, and PyTorch
and the rest in the versions that the book was built with. With Python ≥ 3.10 and PyTorch ≥ 2.4 the wheel alone will
do, `pip install {wheel}`; the numbers then differ a little. Pages that need images download Fashion-MNIST (30 MB)
on their first run; without a network, `D2LNOTES_DATA=sample` takes the small sample in the package (its
numbers are not those of the text).

The outputs in the files are those that the site was built with. Folded cells draw, or check what the text says; in
JupyterLab the solutions of the exercises are folded below their headings.
"""

BUTTONS = {
    "zh": ("笔记本（中文）", "Notebook (Chinese)"),
    "en": ("笔记本（英文）", "Notebook (English)"),
    "zip": ("全部笔记本和包（zip）", "All notebooks, with the package (zip)"),
}
TOOLTIP = ("可在 Jupyter 中运行", "Runs in Jupyter")
SOURCE = ("本页源文件", "Source of this page")
