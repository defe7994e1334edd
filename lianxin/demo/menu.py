"""What can be ordered in the demo city: everyday help in plain words, and what people say when they order it."""

from dataclasses import dataclass

from lianxin.demo.actions import name_skill
from lianxin.needs.actions.menus import ItemFacts, open_item
from lianxin.needs.models.menu import Clock, MenuItem
from lianxin.organisations.models import Node
from lianxin.volunteers.models import Skill

SKILLS = {"repair": "维修", "haircut": "理发", "law": "法律", "drive": "驾驶", "tutor": "辅导", "phone": "手机"}
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
        ("约了上午的号，一个人走不快", "要做检查，不会用自助机", "去拿慢病的药，想有人搀一把"),
        ("看完了，药取好了，人已送到家", "检查做完了，下次复诊的日子写在纸上了"),
        clock=Clock.QUICK,
    ),
    Offered(
        "小修小补", "换灯泡、修水龙头、装扶手、通下水", "tool", 60,
        ("厨房的灯不亮了", "水龙头一直滴水", "卫生间想装个扶手", "门锁拧不动了", "马桶水箱漏水"),
        ("修好了，试了几遍都正常", "换了新件，旧的带走了"),
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
        ("想学和外孙视频", "医保电子凭证不会弄", "手机老跳广告，字也太小"),
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
        ("一个人住，想有人说说话", "老伴走了以后不爱出门", "想找人下盘象棋"),
        ("聊了一个钟头，精神挺好", "下了三盘棋，约好下次再来", "读了报，听老人讲了从前的事"),
        is_low_risk=True,
    ),
    Offered(
        URGENT, "老人电话没人接、敲门没人应，请人马上去看看。有危险先打 110、120", "alert-triangle", 30,
        ("从昨晚起电话一直没人接", "说好今早来电话，到现在没打"),
        ("人在家，电话没放好，已和家里通上话", "老人在楼下晒太阳，平安"),
        clock=Clock.URGENT,
    ),
)  # fmt: skip
BY_NAME = {item.name: item for item in MENU}


def open_menu(place: Node) -> dict[str, Skill]:
    """Put the menu up at the place; the skills that it asks for, by code."""
    skills = {code: name_skill(code=code, name=name) for code, name in SKILLS.items()}
    for item in MENU:
        facts = ItemFacts(
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
        open_item(place=place, facts=facts, by=None)
    return skills
