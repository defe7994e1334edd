"""What the people of the grown city know and say: organisations, figures, answers, names of places."""

from lianxin.demo.places import CORPS, HOME_TEAM
from lianxin.organisations.models import Kind

ORGANISATIONS = (
    (Kind.WOMENS_FEDERATION, "连心市妇女联合会"),
    (Kind.TRADE_UNION, "连心市总工会"),
    (Kind.YOUTH_LEAGUE, "共青团连心市委"),
    (Kind.SOCIAL, "连心市志愿者协会"),
    (Kind.SOCIAL, "暖阳助老服务中心"),
    (Kind.ALLIANCE, "春和街道党建联盟"),
)
BRANCHES_WITHOUT_SECRETARY = ("春和退休职工党支部", "政务服务党支部", "水务供热党支部", "第二医院党支部")
PER_BRANCH, PER_ORGANISATION = 14, 12

INSURER, POLICY = "连心示例保险公司（虚构）", "ZYZ2026000001"

# organisation, what, how many, unit, source; the last is not compared with its source yet
OPENINGS = (
    (CORPS, "people", 1_846, "人", "2025 年度志愿服务工作总结第 3 页"),
    (CORPS, "hours", 58_920, "小时", "2025 年度志愿服务工作总结第 4 页"),
    ("平山支队", "activities", 312, "场", "平山支队 2025 年活动台账"),
    ("溪湖支队", "activities", 268, "场", "溪湖支队 2025 年活动台账"),
    ("银剪理发专业队", "hours", 4_310, "小时", "理发队签到本（2019 至 2025 年）"),
    (HOME_TEAM, "incidents", 700, "件", "队长手写工作日记（2001 至 2025 年），站点两人核过"),
    (HOME_TEAM, "hours", 24_600, "小时", "队长手写工作日记折算，站点见证"),
)

# what people ask, what is answered, where they are passed on to: public numbers only
KNOWLEDGE = (
    ("有人昏倒、受伤", "先问清地址和人醒不醒，请马上打 120；我们留在线上，半小时内再打回来。", "120"),
    ("着火、闻到煤气", "请先离开，到外面再打 119；不要开关电灯。我们同时告诉社区。", "119"),
    ("被骗了、有人闹事", "请马上打 110；已经转账的说清什么时候、转到哪里。", "110"),
    ("路上撞车了", "人受伤先打 120，再打 122；车不要动，开双闪。", "122"),
    ("暖气不热、停水停电投诉", "政务服务热线受理，会给工单号；办得怎么样我们也可以帮着问。", "12345"),
    ("打官司、签合同、遗嘱", "公共法律服务热线免费解答，全天有人；要当面讲的，可以点「法律咨询」。", "12348"),
    ("养老院、高龄津贴", "养老服务热线，也可以到社区服务站当面问。", "12349"),
    ("社保卡、养老金、工伤", "人社热线；带身份证到窗口也行，走不动的我们陪着去。", "12333"),
    ("医保报销、异地就医", "医保热线；手机上不会办的，可以点「手机教学」。", "12393"),
    ("买到假货、保健品想退", "消费者投诉热线；留好小票和包装。", "12315"),
    ("心里难受、不想活了", "不要挂电话，请旁边的人陪着；马上请值班长接，全国统一心理援助热线 12356。", "12356"),
    ("怎么当志愿者", "手机登录后点「我要报名」，或带身份证到社区服务站，三分钟登记好。", ""),
    ("志愿服务收不收钱", "不收钱，也不收东西。材料钱怎么出，点单时写得清楚；有人收钱请告诉我们。", ""),
    ("怎么知道上门的人是真的", "他会先说暗语，暗语只有您和他知道；不放心请打我们电话核对。", ""),
    ("想换一位志愿者", "可以换，不用说原因；打个电话就行，下次不再派他去。", ""),
)

NICKNAMES_AT_HOME = ("老粮店后头", "红梅大院", "铁路家属楼")
NICKNAMES = ("{}老菜市场", "{}小学对面", "{}水塔底下", "{}供销社", "{}老厂门口")
