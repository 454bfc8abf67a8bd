"""The site's own words, in the languages of its editions: between panels and cards, which have
theirs from the library."""

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
        "no kernel": "Here the notebook shows what needs a kernel.",
        "head": (
            "Panels and cards work on this page. To run and to change the code, "
            '<a href="{live}">open the notebook on Binder</a> (about two minutes), or '
            '<a href="{file}" download>download it</a>.'
        ),
        "exercise": (
            "An exercise needs the notebook: "
            '<a href="{live}">open it on Binder</a>, or <a href="{file}" download>download it</a>. '
            "There the next line says what is right, and what is not yet."
        ),
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
        "no kernel": "这里的内容要在笔记本里运行才能看到。",
        "head": (
            "这一页上的面板和卡片可以直接用，面板里的文字是英文。要运行和修改代码，"
            '请<a href="{live}">在 Binder 上打开笔记本</a>（约两分钟），'
            '或者<a href="{file}" download>下载它</a>。'
        ),
        "exercise": (
            '练习要在笔记本里做：<a href="{live}">在 Binder 上打开</a>，'
            '或者<a href="{file}" download>下载</a>。在那里，下一行会说哪里对，哪里还不对。'
        ),
    },
}
OTHER = {"en": ("zh", "中文"), "zh": ("en", "English")}  # and what it calls itself


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
