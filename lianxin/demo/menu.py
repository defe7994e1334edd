"""What can be ordered in the demo city: everyday help in plain words, and what people say when they order it."""

from collections.abc import Mapping
from dataclasses import dataclass

from lianxin.demo.actions import name_skill
from lianxin.needs.actions.menus import ItemFacts, open_item
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.organisations.models import Node
from lianxin.volunteers.models import Skill

SKILLS = {"repair": "维修", "haircut": "理发", "law": "法律", "drive": "驾驶", "tutor": "辅导", "phone": "手机"}
MORE_SKILLS = (
    "急救", "心理疏导", "手语", "英语", "朝鲜语", "摄影", "书法", "电脑", "家电维修", "管道疏通", "缝纫",
    "烹饪", "推拿",
    "太极", "舞蹈", "合唱", "园艺", "剪纸", "棋类", "助浴", "调解", "反诈宣传", "应急救援", "财务",
)  # fmt: skip
WINTER = (11, 12, 1, 2, 3)
Materials = MenuItem.Materials


@dataclass(frozen=True)
class Offered:
    """One item of the menu. `wishes` are what residents write, `done` is what volunteers report."""

    name: str
    words: str
    icon: str
    minutes: int
    wishes: tuple[str, ...]
    done: tuple[str, ...]
    clock: Clock = Clock.PLAIN
    people: int = 1
    skill: str = ""
    materials: MenuItem.Materials = Materials.NONE
    is_low_risk: bool = False


COMPANY_TO_CLINIC, RIDE, SNOW, URGENT = "陪诊就医", "体检送考接送", "扫雪除冰", "联系不上家人"

MENU = (
    Offered(
        COMPANY_TO_CLINIC, "陪您去医院挂号、检查、取药，再送您回家", "stethoscope", 150,
        (
            "约了上午的号，一个人走不快", "要做检查，不会用自助机", "去拿慢病的药，想有人搀一把",
            "耳朵背，怕听不清叫号",
            "看牙，来回要换一趟车",
        ),
        ("看完了，药取好了，人已送到家", "检查做完了，下次复诊的日子写在纸上了"),
        clock=Clock.QUICK,
    ),
    Offered(
        "小修小补", "换灯泡、修水龙头、装扶手、通下水", "tool", 60,
        (
            "厨房的灯不亮了", "水龙头一直滴水", "卫生间想装个扶手", "门锁拧不动了", "马桶水箱漏水",
            "窗户关不严，进风",
            "厨房下水慢，老是返味", "插座松了，不敢用", "柜门的合页掉了", "纱窗破了个洞",
        ),
        ("修好了，试了几遍都正常", "换了新件，旧的带走了", "通开了，教了平时怎么防堵", "紧好了，边上的也一起看了"),
        skill="repair", materials=Materials.OWN,
    ),
    Offered(
        "助餐送餐", "腿脚不便、生病的时候，把热饭送到家", "soup", 40,
        ("这几天感冒，做不了饭", "脚崴了，下不了楼", "要软一点、少盐的"),
        ("饭送到了，是热的", "送到了，帮着摆好了碗筷"),
        clock=Clock.QUICK, materials=Materials.COMMUNITY, is_low_risk=True,
    ),
    Offered(
        "手机教学", "教您视频通话、挂号、缴费、认出诈骗电话", "device-mobile", 60,
        ("想学和外孙视频", "医保电子凭证不会弄", "手机老跳广告，字也太小", "想学怎么在网上挂号",
        "接到说中奖的电话，想问问真假"),
        ("学会了视频通话，写了步骤贴在冰箱上", "字调大了，广告关了"),
        skill="phone", is_low_risk=True,
    ),
    Offered(
        RIDE, "高考、体检那天，接您去、送您回", "car", 90,
        ("老两口去体检，公交要倒两趟", "孩子考试，家里没有车", "体检要空腹，怕路上头晕"),
        ("准时送到，也接回来了", "来回都顺利"),
        skill="drive",
    ),
    Offered(
        SNOW, "清门前的雪、台阶的冰，撒防滑沙", "snowflake", 90,
        ("单元门口结冰了，老人不敢下楼", "楼后小路雪没人扫"),
        ("台阶和小路都清出来了，撒了沙", "冰铲干净了，铺了防滑垫"),
        clock=Clock.QUICK, people=4, materials=Materials.TEAM,
    ),
    Offered(
        "上门理发", "下不了楼的，理发师傅到家里来", "scissors", 40,
        ("卧床半年了，头发长了", "坐轮椅，去不了理发店"),
        ("理好了，碎发收拾干净了", "理了平头，老人挺满意"),
        skill="haircut", materials=Materials.TEAM,
    ),
    Offered(
        "法律咨询", "房屋、赡养、合同的事，请懂法的人讲给您听", "scale", 45,
        ("租房合同看不明白", "房子过户要准备什么", "买保健品想退钱"),
        ("讲清楚了，要带的材料列了单子", "建议先去社区调解，告诉了怎么走"),
        skill="law",
    ),
    Offered(
        "作业辅导", "放学后陪孩子写作业，每次一个半小时", "school", 90,
        ("四年级数学跟不上", "爷爷奶奶不会辅导英语"),
        ("数学作业做完了，错题讲了一遍", "背了课文，听写全对"),
        skill="tutor",
    ),
    Offered(
        "陪伴聊天", "到家里陪老人说说话、读读报、下下棋", "armchair", 60,
        (
            "一个人住，想有人说说话", "老伴走了以后不爱出门", "想找人下盘象棋", "眼睛花了，想有人念念报",
            "孩子在外地，周末冷清", "想有人陪着下楼走走",
        ),
        (
            "聊了一个钟头，精神挺好", "下了三盘棋，约好下次再来", "读了报，听老人讲了从前的事",
            "陪着在楼下走了两圈，晒了太阳",
            "看了老照片，老人很高兴",
        ),
        is_low_risk=True,
    ),
    Offered(
        URGENT, "老人电话没人接、敲门没人应，请人马上去看看。有危险先打 110、120", "alert-triangle", 30,
        ("从昨晚起电话一直没人接", "说好今早来电话，到现在没打"),
        ("人在家，电话没放好，已和家里通上话", "老人在楼下晒太阳，平安"),
        clock=Clock.URGENT,
    ),
)  # fmt: skip
MORE = (
    Offered(
        "代买代办", "替您跑腿：买菜买药、取快递、交材料", "heart-handshake", 40,
        ("腰不好，提不动米和油", "雨天路滑，想请人带点菜", "要到窗口交一份材料，走不动", "快递在东门，拿不回来"),
        ("东西送到了，小票和零钱点清了", "材料交上了，回执带回来了", "取回来放在门里了"),
        clock=Clock.QUICK, materials=Materials.OWN, is_low_risk=True,
    ),
    Offered(
        "家电检修", "电视没信号、洗衣机不转，先帮您看看", "tool", 60,
        ("电视没有信号", "洗衣机脱水时响得厉害", "电饭锅不跳了", "遥控器按了没反应"),
        ("天线重新接了，频道都搜出来了", "垫平了，不响了", "换了一截线，试过了", "要换主板，把售后电话写下来了"),
        skill="repair", materials=Materials.OWN,
    ),
    Offered(
        "清洗油烟机", "拆洗油烟机，擦净灶台", "tool", 90,
        ("好几年没洗过了，滴油", "过节前想洗一洗", "够不着，也不敢拆"),
        ("拆下来洗净装好了，试过风", "油盒倒了，灶台也擦了"),
        materials=Materials.TEAM,
    ),
    Offered(
        "缝补改衣", "裤脚、拉链、被面，拿到服务站或上门改", "scissors", 40,
        ("裤脚长了，要收一寸", "羽绒服拉链坏了", "被面开线了"),
        ("改好了，试穿合身", "换了拉链，旧的给本人了", "缝好了，又加了一道线"),
        materials=Materials.OWN, is_low_risk=True,
    ),
    Offered(
        "搬抬重物", "挪床、抬柜子、把旧家具送下楼", "heart-handshake", 60,
        ("想把床挪到朝阳那边", "旧沙发要送下楼", "冬菜买回来，抬不上五楼"),
        ("挪好了，地也扫了", "抬下去放在收旧点了", "白菜和土豆都码在阳台了"),
        people=2,
    ),
    Offered(
        "读信填表", "帮您看通知、填表、写信", "book", 40,
        ("通知上的字太小，看不清要办什么", "要填一份申请，不会写", "想给老战友写封信"),
        ("念了三遍，要带的东西写在纸上了", "填好了，本人签了字", "信写好了，地址也写好了"),
        is_low_risk=True,
    ),
)  # fmt: skip
"""What is added as the city grows."""

WEIGHTS = {
    COMPANY_TO_CLINIC: 12, "小修小补": 16, "助餐送餐": 10, "手机教学": 10, RIDE: 4, SNOW: 2, "上门理发": 8,
    "法律咨询": 5,
    "作业辅导": 5, "陪伴聊天": 13, "代买代办": 10, "家电检修": 8, "清洗油烟机": 4, "缝补改衣": 4, "搬抬重物": 3,
    "读信填表": 4,
}  # fmt: skip
"""How often each is asked for, beside the others."""

BY_NAME = {item.name: item for item in (*MENU, *MORE)}


def open_menu(place: Node) -> dict[str, Skill]:
    """Put the menu up at the place; the skills that it asks for, by code."""
    skills = {code: name_skill(code=code, name=name) for code, name in SKILLS.items()}
    for item in MENU:
        open_item(place=place, facts=facts_of(item, skills), by=None)
    return skills


def facts_of(item: Offered, skills: Mapping[str, Skill]) -> ItemFacts:
    """As the menu says it."""
    return ItemFacts(
        name=item.name,
        words=item.words,
        icon=item.icon,
        minutes=item.minutes,
        people=item.people,
        skill=skills.get(item.skill),
        materials=item.materials,
        clock=item.clock,
        is_low_risk=item.is_low_risk,
        is_alone_at_first=True,
    )
