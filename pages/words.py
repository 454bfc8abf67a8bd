"""The site's own words, in the languages of its editions: between panels and cards, which have
theirs from the library."""

import re
from collections.abc import Callable

from attention_lib.language import catalogue_of

WORDS = {
    "en": {
        "title": "See channel attention work",
        "about": "Squeeze-and-excitation, ECA and CBAM on real photographs, in panels that move.",
        "picture": "one_block.png",
        "language": "en",
        "show": "Show the code",
        "hide": "Hide the code",
        "commit first": "Commit first. Or open what comes out",
        "solution": "Show a solution",
        "compare": "Now open the check, and compare.",
        "back": "Back",
        "next": "Next",
        "step": "{at} of {all}",
        "before change": "Open what comes out before the change",
        "hide result": "Hide what comes out",
        "head": (
            "Panels and cards work on this page. To run and to change the code, "
            '<a href="{live}">open the notebook on Binder</a> (about two minutes), or '
            '<a href="{file}" download>download it</a>.'
        ),
        "exercise": (
            "An exercise needs the notebook: "
            '<a href="{live}">open it on Binder</a>, or <a href="{file}" download>download it</a>. '
            "There a check says what is right, and what is not yet."
        ),
        "modify": (
            'Code can be changed in the notebook: <a href="{live}">open it on Binder</a>, or '
            '<a href="{file}" download>download it</a>.'
        ),
        "more": {},
        "theme": {},
    },
    "zh": {
        "title": "看通道注意力怎么工作",
        "about": "在真实的照片上看 SE、ECA 和 CBAM：面板可以动手。",
        "picture": "one_block_zh.png",
        "language": "zh_CN",
        "show": "显示代码",
        "hide": "收起代码",
        "commit first": "先作答。或者直接打开结果",
        "solution": "显示参考解答",
        "compare": "现在打开核对，比较一下。",
        "back": "上一步",
        "next": "下一步",
        "step": "第 {at} 步，共 {all} 步",
        "before change": "打开改动之前的结果",
        "hide result": "收起结果",
        "head": (
            "这一页上的面板和卡片可以直接用，面板图里的文字是英文。要运行和修改代码，"
            '请<a href="{live}">在 Binder 上打开笔记本</a>（约两分钟），'
            '或者<a href="{file}" download>下载它</a>。'
        ),
        "exercise": (
            '练习要在笔记本里做：<a href="{live}">在 Binder 上打开</a>，'
            '或者<a href="{file}" download>下载</a>。在那里，检查会说哪里对，哪里还不对。'
        ),
        "modify": (
            '代码要在笔记本里改：<a href="{live}">在 Binder 上打开</a>，'
            '或者<a href="{file}" download>下载</a>。'
        ),
        # What is said in English elsewhere: in hosts.py, start.py and host.js, and by the theme.
        "more": {
            "panel: {name}": "面板：{name}",
            "{label}, typed": "{label}，输入",
            "Play": "播放",
            "Pause": "暂停",
            "Set every gate to 1": "把每个门控值设为 1",
            "Set every gate to 0.5": "把每个门控值设为 0.5",
            "Set every gate to 0": "把每个门控值设为 0",
            "Start needs the notebook: a network learns there. Here are stored runs.": (
                "“开始”要在笔记本里按：在那里，网络真的会学习。这里是存下来的训练。"
            ),
            "Choose what it looks at:": "选一张图片给它看：",
            "what it looks at": "它看的图片",
            "Or drag a gate.": "或者拖动一个门控值。",
            "English in the picture": "图里的英文",
            "the picture": "图片",
            "8 maps": "8 张特征图",
            "edges": "边缘",
            "colours": "颜色",
            "× gates": "× 门控值",
            "= passed on": "= 传下去的",
            "all maps together": "所有特征图合起来",
            "let through": "通过的",
            "before": "之前",
            "after": "之后",
            "Open exactly that in the live notebook": "在笔记本里打开你要的那个状态",
            "This page keeps {count} states of this panel. ": (
                "这一页存了这个面板的 {count} 个状态。"
            ),
            "This is the nearest to what you asked for. ": "这是离你要的最近的一个。",
            "This panel's data could not be loaded, so it stays a picture.": (
                "这个面板的数据没能加载，所以它只是一张图片。"
            ),
            "This panel moves as soon as its data have come.": "数据一到，这个面板就能动。",
            "This needs a browser from May 2023 or later.": (
                "这里需要 2023 年 5 月或以后的浏览器。"
            ),
            "The picture could not be loaded. Move again when the connection is back.": (
                "这张图片没能加载。等网络恢复后，再动一下。"
            ),
        },
        "theme": {
            '"Search..."': '"搜索"',
            '"Main"': '"系列"',
            '"Page"': '"本页"',
            '"Color mode"': '"亮色或暗色"',
            '"Toggle primary sidebar"': '"打开或收起目录"',
            '"Toggle secondary sidebar"': '"打开或收起本页目录"',
            "System Settings": "跟随系统",
        },
    },
}
# What notebooks say of themselves and a page does otherwise: patterns, a space being any, and what
# stands there instead.
INSTEAD = {
    "en": {
        r"\(commit, run the cell above, then open\)": "(commit, then open)",
        "Then run the next cell, and open the check": (
            "Then look at what comes out, and open the check"
        ),
        "Press the triangle to play all stages": "Press *Play* to see all stages",
        "Click a heading to go to its stage, and a row to follow its channel": (
            "Set *channel* to follow another channel"
        ),
        r"Replace the `\.\.\.`, run the cell, then": (
            "In the notebook, replace the `...`, run the cell, then"
        ),
        "under each check are three hints, one inside the other": "below each are three hints",
        ", and behind the dots below them a solution": ", and below them a solution",
        "before you run the cell below the card": "before you open what comes out",
        "then run the summary": "then open the summary",
        r"\*\*This section loads TensorFlow now.*?with the button below\.": (
            "In the notebook this section loads TensorFlow."
        ),
        "(?:TensorFlow takes|TensorFlow is loaded|This notebook loads).*?with the button below": (
            "TensorFlow is needed only to run the code"
        ),
        r"then press \*Start\*.*?before \*Start\*, so are the gates": (
            "then untick *mark on*, and choose another picture and another seed. All of it is from "
            "stored runs; *Start*, which lets a network learn, is in the notebook"
        ),
        "The next cell loads TensorFlow.*?nothing breaks": (
            "The next cell learnt for some ten seconds when this page was made"
        ),
        r"what is it worth\? Run the next cell\.": "what is it worth? The next picture says it.",
        "nothing is fetched unless you ask: write": (
            "nothing is fetched unless you ask in the notebook: write"
        ),
        "Nothing is fetched unless you ask: write": (
            "Nothing is fetched unless you ask in the notebook: write"
        ),
        "then click on the layers": "then choose other layers",
        "Try your own photo:": "In the notebook you can try your own photo:",
        "A click on the first map moves the ring": "*row* and *column* move the ring",
        ", and the table at the end of notebook 0 counts what you have committed to": "",
        r" \[The overview\]\(00_start_here\.ipynb\) lists your progress\.": "",
        r"Run the cell\. Press \*Present\*.*?for the whole screen;": (
            "Go on with *Next*. In the notebook *Present* fills the whole screen;"
        ),
    },
    "zh": {
        "（先作答，运行上面的单元格，再打开）": "（先作答，再打开）",
        "然后运行下一个单元格，再打开核对": "然后看结果，再打开核对",
        "按三角形从头播放": "按*播放*从头看",
        "点标题就到那一步，点一行就跟着那个通道看": "改*通道*，就跟着另一个通道看",
        r"把 `\.\.\.` 换掉，运行单元格": "在笔记本里把 `...` 换掉，运行单元格",
        "每个检查下面有三个提示，一个套一个": "每道练习下面有三个提示",
        "再往下，点开省略号就是参考答案": "再往下就是参考答案",
        "再运行卡片下面的单元格": "再打开结果",
        "再运行摘要": "再打开摘要",
        r"\*\*这一节现在加载 TensorFlow.*?下面的按钮关掉别的笔记本": (
            "在笔记本里，这一节会加载 TensorFlow"
        ),
        "(?:TensorFlow 加载要|训练第一个网络时|这一篇加载).*?下面的按钮关掉别的笔记本": (
            "只有运行代码才需要 TensorFlow"
        ),
        r"再按\*开始\*。.*?门控值也取自那里": (
            "再取消*标记亮*，换一张图片，换一个种子。这里显示的都来自存下来的训练；"
            "*开始*让网络当场学习，要在笔记本里用"
        ),
        "下一个单元格会加载 TensorFlow.*?什么也不会坏": "下面这段代码在制作这一页时学了十几秒",
        "这有多大用处？运行下一个单元格": "这有多大用处？看下一张图",
        "你不要求就什么也不下载：": "你不要求就什么也不下载。在笔记本里，",
        "再点各层": "再选别的层",
        "试试你自己的照片：": "在笔记本里可以试试你自己的照片：",
        "点第一张特征图，可以移动圆圈": "改*行*和*列*，可以移动圆圈",
        "你答过多少，记在笔记本 0 末尾的表里。": "",
        r"\[总览\]\(00_start_here\.ipynb\)里列着你的进度。": "",
        r"运行单元格。按面板下面的\*演示\*，铺满屏幕；": (
            "按*下一步*往前走。在笔记本里，*演示*铺满屏幕，"
        ),
    },
}
OTHER = {"en": ("zh", "中文"), "zh": ("en", "English")}  # and what it calls itself


def on_page(text: str, language: str) -> str:
    """What a notebook says, as it holds on a page."""
    for said, instead in INSTEAD[language].items():
        text = re.sub(said.replace(" ", r"\s+"), lambda _, to=instead: to, text, flags=re.DOTALL)
    return text


def speaker(language: str) -> Callable[[str], str]:
    """What gives a word of the site or of a panel in a language; one that it lacks stays English.

    Args:
        language: "en" or "zh".
    """
    more, catalogue = WORDS[language]["more"], catalogue_of(language)
    return lambda text: more.get(text) or (text and catalogue.gettext(text))


def switch(language: str, page: str) -> str:
    """A link to the same page in the other language; the script lets it keep the place.

    Args:
        language: of the page that has the link.
        page: the name of its file, such as "index.html".
    """
    other, name = OTHER[language]
    path = f"zh/{page}" if other == "zh" else f"../{page}"
    return (
        f'<a class="attention-language" href="{path}" lang="{other}" hreflang="{other}">{name}</a>'
    )
