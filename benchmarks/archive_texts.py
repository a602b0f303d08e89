"""Synthetic press releases: stories, what editors do to them, and bulletins that only look alike.

Everything is made from a seed. Words are drawn from a Zipf distribution over an invented vocabulary
of common characters, so that pairs of characters are about as unevenly spread as in news.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from opencc import OpenCC

from scraper.clock import SHANGHAI

BEGIN = dt.datetime(2023, 1, 1, 8, 0, tzinfo=SHANGHAI)

_CHARACTERS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五"
    "果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回"
    "则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花"
    "带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织"
    "装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划"
    "选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严龙飞"
)
_SYNONYMS = dict(
    zip(
        [
            "推动",
            "介绍",
            "表示",
            "继续",
            "加快",
            "举行",
            "重点",
            "目前",
            "全面",
            "支持",
            "建设",
            "提升",
            "开展",
            "积极",
            "实施",
        ],
        [
            "推进",
            "说明",
            "指出",
            "持续",
            "加速",
            "召开",
            "着重",
            "当前",
            "全力",
            "扶持",
            "打造",
            "提高",
            "组织",
            "主动",
            "落实",
        ],
        strict=True,
    )
)
_OPENINGS = ("据介绍，", "记者了解到，", "会议指出，", "与此同时，", "下一步，", "目前，", "")
_JOINTS = ("推动", "支持", "建设", "提升", "开展", "实施", "加快", "完善")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_TRADITIONAL = OpenCC("s2t")


@dataclass(frozen=True, slots=True)
class Story:
    """A text with its headline and time. ``label`` is the same for all copies of one story."""

    label: str
    kind: str
    title: str
    paragraphs: tuple[str, ...]
    published_at: dt.datetime


class Newsroom:
    """Writes stories; the same seed writes the same ones."""

    def __init__(self, seed: int, *, vocabulary: int = 20_000) -> None:
        self.random = random.Random(seed)
        words = random.Random(7)
        lengths = (1, 2, 2, 2, 2, 3)
        self._words = [
            "".join(words.choices(_CHARACTERS, k=words.choice(lengths))) for _ in range(vocabulary)
        ]
        self._weights = list(accumulate(1 / (rank + 20) for rank in range(vocabulary)))

    def words(self, count: int) -> list[str]:
        """Words of the vocabulary, common ones often."""
        return self.random.choices(self._words, cum_weights=self._weights, k=count)

    def name(self) -> str:
        """A person."""
        return self.random.choice(_SURNAMES) + "".join(self.random.choices(_CHARACTERS, k=2))

    def sentence(self) -> str:
        """About forty characters, now and then with a figure."""
        words = self.words(self.random.randint(12, 22))
        words.insert(len(words) // 2, self.random.choice(_JOINTS))
        words.insert(len(words) // 3, "，")
        if self.random.random() < 0.3:
            words.append(f"，同比增长{self.random.randint(1, 400) / 10}%")
        return self.random.choice(_OPENINGS) + "".join(words) + "。"

    def story(self, number: int, *, sentences: int | None = None) -> Story:
        """A story of its own, by default of 12 to 28 sentences."""
        count = sentences or self.random.randint(12, 28)
        lines = [self.sentence() for _ in range(count)]
        paragraphs = tuple("".join(lines[at : at + 4]) for at in range(0, count, 4))
        published = BEGIN + dt.timedelta(minutes=self.random.randrange(60 * 24 * 700))
        return Story(f"story-{number}", "original", "".join(self.words(9)), paragraphs, published)


Edit = Callable[[Newsroom, Story], Story]


def _cut(share: float) -> Edit:
    def edit(_room: Newsroom, story: Story) -> Story:
        text = "\n".join(story.paragraphs)
        kept = text[: int(len(text) * (1 - share))]
        return replace(story, paragraphs=tuple(part for part in kept.split("\n") if part))

    return edit


def _reword(share: float) -> Edit:
    """Replaces this share of the text's pairs of characters, in place, never a figure."""

    def edit(room: Newsroom, story: Story) -> Story:
        return replace(story, paragraphs=tuple(_reworded(room, p, share) for p in story.paragraphs))

    return edit


def _reworded(room: Newsroom, text: str, share: float) -> str:
    for plain, other in _SYNONYMS.items():
        if room.random.random() < share:
            text = text.replace(plain, other)
    pieces = [text[at : at + 2] for at in range(0, len(text), 2)]
    for place, piece in enumerate(pieces):
        if room.random.random() < share and not any(c.isdigit() or c in "，。.%" for c in piece):
            pieces[place] = "".join(room.random.choices(_CHARACTERS, k=2))
    return "".join(pieces)


def _headline(room: Newsroom, story: Story) -> Story:
    return replace(story, title="".join(room.words(8)))


def _prepend(room: Newsroom, story: Story) -> Story:
    first = f"本报讯（记者 {room.name()} 通讯员 {room.name()}）{story.paragraphs[0]}"
    return replace(story, paragraphs=(first, *story.paragraphs[1:]))


def _editor_line(room: Newsroom, story: Story) -> Story:
    return replace(story, paragraphs=(*story.paragraphs, f"责任编辑：{room.name()}"))


def _traditional(_room: Newsroom, story: Story) -> Story:
    return replace(story, paragraphs=tuple(_TRADITIONAL.convert(p) for p in story.paragraphs))


def _punctuation(_room: Newsroom, story: Story) -> Story:
    table = str.maketrans("，。", ",．")
    return replace(story, paragraphs=tuple(p.translate(table) for p in story.paragraphs))


def _embedded(room: Newsroom, story: Story) -> Story:
    around = tuple(room.sentence() * 1 for _ in range(max(2, len(story.paragraphs) // 2)))
    half = len(around) // 2
    return replace(story, paragraphs=(*around[:half], *story.paragraphs, *around[half:]))


def _mixture(room: Newsroom, story: Story) -> Story:
    for edit in (_headline, _cut(0.2), _reword(0.02), _prepend, _punctuation):
        story = edit(room, story)
    return story


EDITS: dict[str, Edit] = {
    "headline": _headline,
    "prepended": _prepend,
    "editor line": _editor_line,
    "traditional": _traditional,
    "punctuation": _punctuation,
    "cut 10 %": _cut(0.1),
    "cut 20 %": _cut(0.2),
    "cut 40 %": _cut(0.4),
    "cut 60 %": _cut(0.6),
    "words 1 %": _reword(0.01),
    "words 5 %": _reword(0.05),
    "words 10 %": _reword(0.1),
    "embedded": _embedded,
    "mixture": _mixture,
}
BEYOND_THE_BAR = frozenset({"cut 60 %", "words 10 %", "embedded"})
"""Edits that the bar of 0.95 does not name; they are measured all the same."""


def copies(room: Newsroom, story: Story) -> Iterator[Story]:
    """One copy of each kind, published within two days, named after their edit."""
    for kind, edit in EDITS.items():
        later = story.published_at + dt.timedelta(minutes=room.random.randrange(1, 2880))
        yield replace(edit(room, story), kind=kind, published_at=later)


def _weather(room: Newsroom, day: dt.datetime) -> tuple[str, Sequence[str]]:
    rnd = room.random
    sky = ("晴", "多云", "阴", "小雨", "中雨", "晴转多云", "多云转阴")
    towns = ("城关镇", "东山镇", "柳河镇", "清水乡", "石门乡", "白塔镇")
    lines = [
        f"{town}：{rnd.choice(sky)}，气温{rnd.randint(-5, 18)}到{rnd.randint(19, 35)}℃，"
        f"{rnd.choice('东南西北')}风{rnd.randint(2, 5)}级。"
        for town in towns
    ]
    head = f"市气象台{day.month}月{day.day}日发布天气预报。受冷空气影响，预计未来二十四小时全市天气如下。"
    tail = (
        "请广大市民合理安排出行，注意防寒保暖，农户做好田间管理和设施加固，交通部门加强道路巡查。"
    )
    return "全市天气预报", (head, *lines, tail)


def _prices(room: Newsroom, _day: dt.datetime) -> tuple[str, Sequence[str]]:
    goods = (
        "大米",
        "面粉",
        "花生油",
        "猪肉",
        "牛肉",
        "羊肉",
        "鸡蛋",
        "白菜",
        "土豆",
        "西红柿",
        "黄瓜",
    )
    rnd = room.random
    lines = [
        f"{good}平均零售价每500克{rnd.randint(100, 3000) / 100}元，"
        f"比上周{rnd.choice(('上涨', '下降'))}{rnd.randint(1, 90) / 10}%。"
        for good in goods
    ]
    head = "市发展和改革委员会价格监测中心对全市十二家农贸市场和超市的主要民生商品价格进行了监测。"
    tail = (
        "价格监测中心将继续密切关注市场变化，加强重点商品价格监测预警，维护市场价格秩序基本稳定。"
    )
    return "全市主要民生商品价格监测周报", (head, *lines, tail)


def _health(room: Newsroom, day: dt.datetime) -> tuple[str, Sequence[str]]:
    rnd = room.random
    new, cured = rnd.randint(0, 90), rnd.randint(0, 90)
    text = (
        f"{day.month}月{day.day}日0时至24时，全市新增确诊病例{new}例，新增治愈出院{cured}例，无新增死亡病例。",
        (
            f"截至{day.month}月{day.day}日24时，全市累计报告确诊病例{rnd.randint(900, 9000)}例，"
            f"现有住院病例{rnd.randint(10, 400)}例，尚在接受医学观察的密切接触者{rnd.randint(100, 4000)}人。"
        ),
        (
            "市卫生健康委员会提醒广大市民继续做好个人防护，外出规范佩戴口罩，保持社交距离，"
            "勤洗手、常通风、少聚集，出现发热、咳嗽等症状请及时到就近的发热门诊就诊并主动告知旅居史。"
        ),
    )
    return "全市疫情通报", text


def _appointments(room: Newsroom, _day: dt.datetime) -> tuple[str, Sequence[str]]:
    posts = ("市教育局副局长", "市水利局局长", "市审计局总审计师", "市信访局副局长")
    lines = [f"任命{room.name()}为{post}，试用期一年；" for post in posts]
    lines += [f"免去{room.name()}的{post}职务；" for post in posts]
    head = "市人民政府决定，经市委同意，现将有关同志职务任免的决定予以公布，请各县（市、区）人民政府、市政府各部门遵照执行。"
    return "市人民政府关于人事任免的通知", (
        head,
        *lines,
        "以上人员的工资、社会保险关系按照有关规定办理。",
    )


def _planning(room: Newsroom, _day: dt.datetime) -> tuple[str, Sequence[str]]:
    rnd = room.random
    company, street = "".join(room.words(3)), "".join(room.words(2))
    return "建设工程规划许可批前公示", (
        (
            f"{company}有限公司拟在{street}路建设综合楼项目，总建筑面积{rnd.randint(2000, 90000)}平方米，"
            f"容积率{rnd.randint(10, 35) / 10}，绿地率{rnd.randint(20, 40)}%，机动车停车位{rnd.randint(50, 900)}个。"
        ),
        (
            "根据《中华人民共和国城乡规划法》等法律法规的规定，现将该项目建设工程设计方案予以批前公示，"
            "公示期限为七个工作日。利害关系人如有异议，可在公示期内以书面形式向市自然资源和规划局提出，"
            "并注明真实姓名、联系方式和具体意见，逾期未提出的视为无异议。"
        ),
    )


_FRAME = (
    "活动期间，参与者可凭本人有效证件到各服务点领取资料，服务时间为每日上午九点至十二点、下午两点至五点，节假日照常开放。",
    "现场设有咨询台、休息区和医疗点，工作人员将引导大家有序排队，请自觉遵守场内秩序，妥善保管随身物品，照看好老人和儿童。",
    "需要提前预约的项目可以通过电话、窗口或者自助终端办理，每个证件每次限约一个名额，因故不能参加的请提前一天取消。",
    "主办单位将对参与情况进行回访，收集意见和建议，并在官方网站公布处理结果，欢迎社会各界继续关注、支持和监督这项工作。",
    "为方便市民出行，公交公司将在沿线增开临时班车，具体站点和发车间隔以现场公告为准，请自驾前往的市民按指示牌停放车辆。",
)


def _frame(room: Newsroom, _day: dt.datetime) -> tuple[str, Sequence[str]]:
    """News of its own in the frame of an office: 63 % of the longer text, under unlike headlines."""
    own, wanted = "", sum(map(len, _FRAME)) * 37 // 63
    while len(own) < wanted:
        own += room.sentence()
    return "".join(room.words(8)), (
        own[: wanted // 2],
        *_FRAME[:3],
        own[wanted // 2 :],
        *_FRAME[3:],
    )


SERIES = {
    "weather": _weather,
    "prices": _prices,
    "health": _health,
    "appointments": _appointments,
    "planning": _planning,
    "frame": _frame,
}


def bulletins(room: Newsroom, kind: str, count: int) -> Iterator[Story]:
    """A series: each is news of its own, though most of its text stands in every other."""
    for number in range(count):
        day = BEGIN + dt.timedelta(days=number)
        title, paragraphs = SERIES[kind](room, day)
        yield Story(f"{kind}-{number}", kind, title, tuple(paragraphs), day)


def same_event(room: Newsroom, number: int) -> Iterator[Story]:
    """Two authors write of one event: the same names and figures, sentences of their own."""
    event = room.story(number, sentences=10)
    quote = room.sentence()
    for author in range(2):
        own = tuple(room.sentence() + (quote if place == 2 else "") for place in range(8))
        yield Story(f"event-{number}-{author}", "same event", event.title, own, event.published_at)


def policy_and_reading(room: Newsroom, number: int) -> Iterator[Story]:
    """A policy and the text that explains it, which quotes a third of it."""
    policy = room.story(number, sentences=24)
    quoted = policy.paragraphs[1:3]
    reading = (room.sentence() * 1, *(q + room.sentence() + room.sentence() for q in quoted))
    reading += tuple(room.sentence() + room.sentence() for _ in range(6))
    yield replace(policy, label=f"policy-{number}", kind="policy")
    yield Story(
        f"reading-{number}", "policy", f"《{policy.title}》解读", reading, policy.published_at
    )
