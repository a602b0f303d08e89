"""Names of people: told from the names of media and offices, and from the words around them."""

from __future__ import annotations

import re

_ROLES = re.compile(
    r"(?:全媒体|融媒体|见习|实习|特约|首席|本报|本网|本台|本刊|特派|驻地|驻|摄影|文字|南都|高级|资深|新媒体|新华社|"
    r"人民网|通讯社|央视|总台|中新网|中新社|澎湃新闻|新京报|扬子晚报){0,3}(?:记者|通讯员|实习生|特约撰稿人|评论员|撰稿人|作者|特约撰稿)"
)
_PREFIX = re.compile(
    r"^(?:文|图|文/图|图/文|图文|摄|摄影|编辑|责编|采写|撰文|撰稿|供稿|整理|综合|作者|记者|通讯员|实习生)\s{0,3}[:/]?\s+"
)
_UNIT = re.compile(
    r"报$|报社|通讯社|新华社|中新社|电视台|广播|网$|网站|频道|客户端|局$|部$|办$|办公|委$|委员会|中心|公司|集团|学院|大学|"
    r"编辑部|记者站|政府|协会|总台|晚报|日报|融媒|传媒|工作室|科$|处$|司$|院$|馆$|所$|支队|大队|法院|检察|公安|银行|医院|中学|小学|"
    r"街道|乡镇|社区|党委|宣传|发布$|号$|室$|站$|管理员|平台|新闻|在线|杂志|周刊|组$|科室|本站|本网|原创|佚名|未知|综合|整理|来源|转载|"
    r"区$|县$|市$|省$|镇$|村$|厅$"
)
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]"
_CJK_NAME = re.compile(rf"^{_HAN}{{2,4}}$|^{_HAN}{{1,8}}(?:[·•・]{_HAN}{{1,8}}){{1,3}}$")
_LATIN_NAME = re.compile(r"^[A-Za-z][\w.\-]{0,28}\w$")
_BUTTON = re.compile(r"返回|查看|点击|更多|打开|下载|关注|扫码|分享|打印|关闭|收藏|登录|注册")
_CODE = re.compile(r"(?:[_\s(-]{1,2}[A-Z]{1,4}\d{2,6}\)?|\(\w{1,20}\))$")
_STAFF = re.compile(r"^[A-Z]{1,4}\d{2,6}$")
"""A number that a medium gives its editors: 责编：章明 PN269."""
_SPLIT = re.compile(r"[\s、,;/|&+\x1f]+|(?<=[\u4e00-\u9fff])和(?=[\u4e00-\u9fff]{2,3}$)")
_LONE = re.compile(
    rf"(?<!{_HAN})({_HAN})[\s\x1f]{{1,4}}({_HAN})(?:[\s\x1f]{{1,4}}({_HAN})(?![\s\x1f]{{0,4}}{_HAN}))?(?!{_HAN})"
)
"""A name spread over its signs; of four lone signs two make a name each."""
_SURNAMES = (
    *"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛"
    "樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆"
    "蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂"
    "全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢"
    "劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普"
    "阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀",
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "夏侯", "端木", "东方",
)  # fmt: skip
_NO_NAMES = frozenset(
    (  # noqa: SIM905 - words for reading, not a list of strings
        "整合 编译 撰写 撰文 报道员 谢谢 您好 大家好 好的 首席 首发 终审 文案 返回 查看 更多 记者 通讯员 作者 编辑 责编 摄影 图文 文图 报道 摄影报道 整理 综合 供图 实习生 图片 文字 "
        "视频 校对 审核 管理员 打印 关闭 分享 匿名 小编 发布 上传 下载 大 中 小 责任编辑 网络 其他 测试 系统 新闻 本报 本网 讯 电 通讯 本站 首页 返回 正文 来源 "
        "今天 昨天 前天 刚刚 admin Admin administrator system root test webmaster editor 超大 特大 标准 默认 繁体 简体 全文 听全文 时间 日期 字体 字号 阅读 浏览 收藏 评论 网友 未知 佚名 无 原创 转载 推荐 相关 附件 "
    ).split()
)


def names_in(text: str) -> tuple[str, ...]:
    """The people named in a text that holds nothing but names and their roles."""
    if not text:
        return ()
    text = _LONE.sub(r"\1\2\3", _ROLES.sub(" ", text))
    text = _PREFIX.sub("", text.strip())
    found: list[str] = []
    for part in _SPLIT.split(text):
        name = _CODE.sub("", part.strip("()[]【】<>:《》。.·\"'“” "))
        if is_name(name) and name not in found:
            found.append(name)
    return tuple(found)


def bare_names(text: str) -> tuple[str, ...]:
    """People named without a role: every word must begin with a common surname."""
    words = [word for word in _SPLIT.split(_LONE.sub(r"\1\2\3", text.strip())) if word]
    whole = all(is_name(w) and _CJK_NAME.match(w) and w.startswith(_SURNAMES) for w in words)
    return tuple(dict.fromkeys(words)) if words and whole and len(words) <= 5 else ()


def is_name(name: str) -> bool:
    """Whether a word can be a person's name or pen name, and not a medium's or an office's."""
    if name in _NO_NAMES or _BUTTON.match(name) or _UNIT.search(name):
        return False
    return bool(_CJK_NAME.match(name) or _LATIN_NAME.match(name))


def author_of(text: str, *, strict: bool = False) -> str | None:
    """The people named, joined by one blank; a unit is no author.

    With ``strict`` a Chinese name must begin with a surname: where 记者 stands before it, it
    is no pen name, and in a dialogue what follows 记者 is a question ("您好").
    """
    found = names_in(text)
    if strict:
        found = tuple(n for n in found if n.startswith(_SURNAMES) or n.isascii() or "·" in n)
    return " ".join(found[:8]) if found else None


def editor_of(text: str) -> str | None:
    """The editor as stated; unlike an author it may be a desk (秭归融媒体中心) or an account."""
    if found := names_in(text):
        named = [name for name in found if not _STAFF.match(name)]
        return " ".join((named or found)[:6])
    words = [_CODE.sub("", w.strip("()[]【】:。 ")) for w in re.split(r"[\s、,;/\x1f]+", text)]
    word = words[0] if words and not words[0].isdecimal() else ""
    return word if 2 <= len(word) <= 16 and word not in _NO_NAMES else None
