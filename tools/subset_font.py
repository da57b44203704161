"""Make the font of the figures: DejaVu Sans with the Chinese of Droid Sans Fallback.

One file rather than two, because matplotlib's mathtext looks into one font only, so
that a label like "权重 $w$" would lose its Chinese. Holds the Latin, Greek and signs
that labels use, and the characters listed below plus the words of ``book/terms.yml``.

    apt-get download fonts-droid-fallback && dpkg-deb -x fonts-droid-fallback_*.deb d
    python tools/subset_font.py d/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf

Delete this when matplotlib ships a font with Chinese characters.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib
import yaml
from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/d2lnotes/fonts/D2LNotesSans.ttf"
FAMILY = "D2L Notes Sans"
LIMIT = 200_000  # bytes

# What labels are made of, by field; order and repetition do not matter.
CHINESE = """
的一是在不了有和人这中大为上个到说时要就出会可也对生能而子那得于着下自之年过发后作里用道
行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因
只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重
并物手应向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门
任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何
电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决
治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死
张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔零六七八九百千亿半倍每
模型网络层输入出隐藏单元神经感知机多感激活函数阶跃权重偏置偏移参数超矩阵向量标量张量维度
线性非线可分间隔决策边界超平面收敛定理仿射变换回归分类二元多类对数概率似然熵交叉损失误差平方
绝对均值方差标准期望梯度下降随机小批量学习率步长轮迭代周期更新优化器动量训练验证测试数据集样本
特征标签类别预测真实正确错误精度准确召回混淆拟合欠过泛化容量复杂正则惩罚衰退衰减丢弃暂退保留
消失爆炸反向传播前向计算图链式法则导数偏导雅可比初始化对称均匀正态分布高斯种子固定稳定数值溢出
下溢上溢限界上界下界半径区域段折线凸凹曲面等高曲率连续离散近似逼近万能多项式阶次系数幂指底
交叉折重复次序留一独立同分布假设检验置信区间条带最小最大最好最差中位总和差积商乘加减除法
输出图像像素灰度亮度宽高通道衬衫恤裤子套头连衣裙外套凉鞋运动包短靴衣服
秒分钟内存耗时速度快慢次数个例示意初末终始前后左右上下内外横纵轴坐标原点象限符号正负零异或与门
圆弧直角距离范投影法方垂直平行交点顶端红橙蓝绿紫灰黑黄实虚点线段颜形状空心实心方块圆圈
深浅宽窄层级联残差规范归一批注意力卷积池化循环编码解码嵌入自身对比监督无监强
有无是否真假开关左右新旧高低快慢好坏软硬冷热长短远近粗细早晚
贷款申请人顾客房价面积温度湿度雨晴猫狗苹果橘子鸢尾花瓣长宽
奇偶整数集元素映射逆转置迹秩范核行列式单位对角特值空间子基底维张成生成
噪声信扰动鲁棒稀疏密度频谱幅相采抽取样率窗块滑
停止条件满足成功失败尝试结束继续判断循环赋值返回调用打印绘制显示结果比较参考基线
阈值饱和死亡恒等缩放平移旋转翻转裁剪填充步幅合并拆分拼接
每各某任若则且但仅只约近似于至多至少大于小于等于不等介落
按照逐位号排序升降打乱切片索引堆叠
初始权值最终权值第次第层第个隐单元输入层隐藏层输出层
算术几何调和加权滑动平均累积增益收益成本代价风险经验结构验偏差
硬件显存卡秒毫微纳千兆字节比特浮整型精双半单
专严串久乎乐乙云互亚仍仓他付令以们份伏休伪伯估伸伽余你佳供依侧修倒借偿储允免兴具
养兼写冬况凡凭划刻剩办励占历压句另叫台史叶吗含启呢味响哔哩哪唯困围地址坦塌境够夹
宜寒察尤尺尽局属希干广库弯录往律忆忘念忽怎怕息恰悄惯懂我戳找抄抬择拿持挡挪掉探控
推描插搜搭摆支改故效斜施既易晃普替朝李材来林柔查栏校根框案楚欢母毛永沐沿洁添游源
漏版犯献球甲画略盘盾省矛研破础碰稍究穷穿竖站章答筛简箭篇紧纬纸组织综缓缺肯背致般
茨虑衡补装视言讨议讲评诉译详语读课谁贝质贴费赖赛越趋跑跟跳践载辑迎迟述追适选递造
逻遍避邱邻配锁锐锡锯闭阱防附际陡陷需靠页顺须饰首鹏麻默鼓齐齿
"""
SIGNS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "".join(map(chr, range(0xA0, 0x100)))
    + "".join(map(chr, range(0x391, 0x3CA)))
    + "ϵϑϕϱ–—‘’“”•…‰′″ℓℝ←↑→↓↔⇒⇔∀∂∃∅∆∇∈∉∏∑−∓∗∘√∝∞∠∥∧∨∩∪∫∴∼≈≠≡≤≥≪≫⊂⊆⊕⊗⊙⊤⊥⋅⋮⋯⋱"
    + "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ₀₁₂₃₄₅₆₇₈₉₊₋₍₎∥‖■□▲△▼▽◆◇●○★☆✓✗✕✖×·\u2009\u200a"
)
PUNCTUATION = "，。、：；？！（）《》“”‘’—…·％％＋－＝～｜／"

NOTICE = """\
# The font of the figures

`D2LNotesSans.ttf` ("D2L Notes Sans") is made by `tools/subset_font.py` from two fonts,
cut down to the characters that figure labels use, and joined:

- Latin, Greek and signs: **DejaVu Sans**, as shipped with matplotlib.
  Copyright (c) 2003 Bitstream, Inc. (Bitstream Vera); copyright (c) 2006 Tavmjong Bah
  (Arev). DejaVu changes are in the public domain. Licence: `LICENSE-DejaVu.txt`.
- Chinese: **Droid Sans Fallback**, from Debian's package `fonts-droid-fallback`.
  Copyright (c) 2006-2010 Google Inc. Licensed under the Apache License, Version 2.0:
  `LICENSE-Droid.txt`. Changes: cut down, scaled to DejaVu's units, joined, renamed.

A label with a character that is not here gives a warning that names it; add the
character to `tools/subset_font.py` and run it.
"""


def characters() -> str:
    """Every character the font shall hold."""
    terms = yaml.safe_load((ROOT / "book/terms.yml").read_text(encoding="utf-8"))
    text = CHINESE + SIGNS + PUNCTUATION + "".join(term["zh"] for term in terms)
    return "".join(sorted({c for c in text if c.isprintable() or c in "\u2009\u200a"}))


def subset(path: Path, text: str) -> TTFont:
    """The font of ``path`` cut down to the characters of ``text`` that it has."""
    font = TTFont(path)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = [1, 2]
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "FFTM", "MATH", "GSUB", "GPOS", "GDEF", "kern"]
    options.drop_tables += ["vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    return font


def build(droid: Path, target: Path = TARGET) -> set[str]:
    """Write the font; give back the wanted characters that neither source has."""
    wanted = characters()
    dejavu = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    latin = subset(dejavu, "".join(c for c in wanted if not _is_chinese(c)))
    have = {chr(c) for c in latin.getBestCmap()}
    chinese = subset(droid, "".join(c for c in wanted if c not in have))
    chinese_map = chinese.getBestCmap()
    scale_upem(chinese, latin["head"].unitsPerEm)
    parts = []
    for name, font in (("latin", latin), ("chinese", chinese)):
        part = target.with_name(f".{name}.ttf")
        font.save(part)
        parts.append(part)
    try:
        merged = Merger().merge([str(p) for p in parts])
    finally:
        for part in parts:
            part.unlink()
    for record_id in (1, 4, 16):
        merged["name"].setName(FAMILY, record_id, 3, 1, 0x409)
    merged["name"].setName("D2LNotesSans", 6, 3, 1, 0x409)
    merged["name"].setName("Regular", 2, 3, 1, 0x409)
    merged["name"].names = [
        n
        for n in merged["name"].names
        if n.platformID == 3 and n.nameID in (1, 2, 4, 6)
    ]
    for table in ("hhea", "OS/2"):  # DejaVu's line height
        for field in [
            "ascent",
            "descent",
            "lineGap",
            "sTypoAscender",
            "sTypoDescender",
            "usWinAscent",
            "usWinDescent",
        ]:
            if hasattr(merged[table], field):
                setattr(merged[table], field, getattr(latin[table], field))
    merged["head"].created = merged["head"].modified = 3_000_000_000  # reproducible
    merged.recalcTimestamp = False
    merged.save(target)
    target.with_name("README.md").write_text(NOTICE, encoding="utf-8")
    return set(wanted) - have - {chr(c) for c in chinese_map}


def _is_chinese(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"


def main() -> None:
    """Read the source font's path from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("droid", type=Path, help="DroidSansFallbackFull.ttf")
    missing = build(parser.parse_args().droid)
    size = TARGET.stat().st_size
    count = len(TTFont(TARGET).getBestCmap())
    print(f"{TARGET.relative_to(ROOT)}: {count} characters, {size} bytes")
    if missing:
        print("in neither font:", "".join(sorted(missing)))
    if size > LIMIT:
        raise SystemExit(f"too large: at most {LIMIT} bytes; take characters out")


if __name__ == "__main__":
    main()
