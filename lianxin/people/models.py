from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.base import search
from lianxin.base.paths import PathField
from lianxin.base.sealed import EndingOfField, HashOfField, SealedField
from lianxin.organisations.models import Node
from lianxin.users.models import User


class ContactBy(models.TextChoices):
    """How this person is reached (rule N1); by telephone from 70 on unless he says otherwise."""

    CALL = "call", _("打电话")
    SMS = "sms", _("短信")
    APP = "app", _("网上消息")
    VISIT = "visit", _("上门")
    FAMILY = "family", _("通过家人")


class Person(models.Model):
    """One human being. Name and endings are clear, everything that reaches or identifies him is sealed.

    The home point is rounded to a grid of about 500 m: enough for a distance, not for a door. Who is restricted is kept
    as the law wants it and used for nothing (rule P13).
    """

    STANDS_ON = {"home": (Q(restricted_at=None), _("位居民"))}

    name = models.CharField(_("姓名"), max_length=50)
    born_on = models.DateField(_("出生日期"), null=True)
    id_number = SealedField(null=True)
    id_hash = HashOfField("id_number", null=True)
    id_ending = EndingOfField("id_number", null=True)
    phone = SealedField(null=True)
    phone_hash = HashOfField("phone", null=True)
    phone_ending = EndingOfField("phone", null=True)
    address = SealedField(null=True)
    home = models.ForeignKey(Node, models.PROTECT, null=True, related_name="residents", db_index=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    contact_by = models.CharField(_("联系方式"), max_length=10, choices=ContactBy, default=ContactBy.APP)
    call_number = models.CharField(_("电话点单号码"), max_length=5, blank=True)
    helped_how = models.CharField(_("上门注意"), max_length=60, blank=True)
    user = models.OneToOneField(User, models.SET_NULL, null=True, related_name="person")
    is_imported = models.BooleanField(default=False)
    claimed_at = models.DateTimeField(null=True)
    restricted_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    search = ArrayField(models.CharField(max_length=2), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["id_hash"],
                name="one_person_per_id_number",
                violation_error_message=_("这个证件号码已经登记过。如果是您本人，请到社区认领。"),
            ),
            models.UniqueConstraint(
                fields=["call_number"],
                condition=~Q(call_number=""),
                name="one_person_per_call_number",
                violation_error_message=_("这个号码刚给了别人，请再试一次。"),
            ),
        ]
        indexes = [
            models.Index(fields=["home", "id"], name="people_by_home"),
            models.Index(fields=["phone_hash"], name="people_by_phone"),
            models.Index(fields=["phone_ending", "id"], name="people_by_phone_ending"),
            models.Index(
                fields=["id"], name="people_not_confirmed", condition=Q(is_imported=True, claimed_at__isnull=True)
            ),
            GinIndex(fields=["search"], name="people_by_search"),
        ]

    def __str__(self) -> str:
        return masked(self.name)

    def save(self, **options: object) -> None:
        self.fill_search()
        super().save(**options)  # type: ignore[arg-type]

    def fill_search(self) -> None:
        """Derive what the person is found by; a bulk insert, which saves nobody, asks for it."""
        self.search = search.grams(self.name)

    @property
    def masked_name(self) -> str:
        """The name as those see it who need not know it: 王**."""
        return masked(self.name)


def masked(name: str) -> str:
    """The first character and as many stars as remain, at most three; a dotted name keeps its first part."""
    first, dot, rest = name.partition("·")
    if dot:
        return f"{first}·{'*' * min(len(rest), 3)}"
    return name[:1] + "*" * min(len(name) - 1, 3)


class Helper(models.Model):
    """`helper` acts for `person` from a day to a day, within a scope that the person gave (rule O1)."""

    class Scope(models.TextChoices):
        ORDER = "order", _("代为点单")
        FOLLOW = "follow", _("查看进度")
        VISITS = "visits", _("看探访平安")
        NOTICES = "notices", _("收通知")

    class GivenHow(models.TextChoices):
        CALL = "call", _("社区打电话问过本人")
        VISIT = "visit", _("社区上门问过本人")
        PAPER = "paper", _("本人签字")

    person = models.ForeignKey(Person, models.CASCADE, related_name="helpers")
    helper = models.ForeignKey(Person, models.CASCADE, related_name="helps")
    relation = models.CharField(_("关系"), max_length=10)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    given_how = models.CharField(max_length=10, choices=GivenHow)
    words = models.CharField(_("念给本人听的话"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    during = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("helper")),
                name="nobody_helps_himself",
                violation_error_message=_("不能把本人登记为自己的家人。"),
            ),
            ExclusionConstraint(
                name="one_helper_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("helper", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这位家人已经登记过。"),
            ),
        ]
        indexes = [models.Index(RangeEndsWith("during"), F("id"), name="families_by_their_end")]

    @property
    def last_day(self) -> date | None:
        """The last day on which he may act; None when it ended on the day it began."""
        return self.during.upper - timedelta(days=1) if self.during.upper else None

    def get_scopes_display(self) -> str:
        """What was given, in words."""
        return "、".join(str(Helper.Scope(scope).label) for scope in self.scopes)


class Barred(models.Model):
    """`person` does not want `other` to act for him or to hear of him, whoever asks (rule F4)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="barred")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "other"],
                name="barred_once",
                violation_error_message=_("已经登记过：本人不要这位家人替他办事。"),
            )
        ]


class Application(models.Model):
    """What somebody asks of the community about a person's record, and what came of it.

    To be taken for a person already written down (claim), to act for a parent (help), to have something put right
    (correct), to have the account closed (close). Nothing happens before a worker has made sure (rule P6).
    """

    class Kind(models.TextChoices):
        CLAIM = "claim", _("认领资料")
        HELP = "help", _("帮家里人点单")
        CORRECT = "correct", _("更正资料")
        CLOSE = "close", _("停用账号")

    class State(models.TextChoices):
        RECEIVED = "received", _("等社区核实")
        GRANTED = "granted", _("已办好")
        REFUSED = "refused", _("没有办成")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {State.RECEIVED: {State.GRANTED, State.REFUSED, State.WITHDRAWN}}
    TONES = {
        State.RECEIVED: "waiting",
        State.GRANTED: "done",
        State.REFUSED: "stopped",
        State.WITHDRAWN: "stopped",
    }

    kind = models.CharField(_("事项"), max_length=10, choices=Kind)
    user = models.ForeignKey(User, models.CASCADE, related_name="applications")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="applications")
    scope = PathField()
    facts = SealedField()
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RECEIVED)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(state="received"),
                name="one_open_application_of_a_kind",
                violation_error_message=_("您已经申请过，社区正在核实，请等一等或打社区电话问一问。"),
            )
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="open_applications", condition=Q(state="received")),
            models.Index(fields=["user", "-id"], name="applications_of_a_user"),
        ]

    def __str__(self) -> str:
        """Without a name, since the journal writes it down (rule P3)."""
        return f"{self.pk}"


class Circumstances(models.Model):
    """How somebody who is helped lives: what to mind when talking with him and at his door. He need say none of it.

    Kept beside the person, since few pages need it. How to get in is sealed; the others are words to choose from.
    """

    class Hearing(models.TextChoices):
        HARD = "hard", _("耳背，请大声些")
        DEAF = "deaf", _("听不见，请写字")

    class Sight(models.TextChoices):
        WEAK = "weak", _("眼睛看不清")
        BLIND = "blind", _("看不见")

    class Mobility(models.TextChoices):
        SLOW = "slow", _("走路慢，开门请多等一会儿")
        CHAIR = "chair", _("坐轮椅")
        BED = "bed", _("卧床")

    class Wished(models.TextChoices):
        WOMAN = "woman", _("希望是女同志")
        MAN = "man", _("希望是男同志")

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="circumstances")
    languages = models.CharField(_("说什么话"), max_length=40, blank=True)
    hearing = models.CharField(_("听力"), max_length=10, choices=Hearing, blank=True)
    sight = models.CharField(_("视力"), max_length=10, choices=Sight, blank=True)
    mobility = models.CharField(_("行动"), max_length=10, choices=Mobility, blank=True)
    pets = models.CharField(_("家里的猫狗"), max_length=30, blank=True)
    wished = models.CharField(_("希望谁打电话、谁上门"), max_length=10, choices=Wished, blank=True)
    best_hours = models.CharField(_("什么时候方便"), max_length=40, blank=True)
    way_in = SealedField(null=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person)


class Purpose(models.TextChoices):
    """What rests on a person's own yes, and is asked for by itself (PIPL 14, 25, 29, 31; rule P10)."""

    HEALTH = "health", _("告诉上门的人听力、视力、行动")
    CARD_NAME = "card_name", _("核验电子证时显示姓名")
    MEMBER = "member", _("组织关系计入统计")
    MEMBER_SHOWN = "member_shown", _("亮身份")
    CHILD = "child", _("为未满 14 周岁的孩子登记")
    MINOR_SERVES = "minor_serves", _("未成年人参加志愿服务")


class Consent(models.Model):
    """A yes to one purpose: to which words, when, by which way, and when it ended (rule P10).

    `version` is the hash of `words`. `about` is the row that it is about where one person may say yes several times.
    """

    class How(models.TextChoices):
        OWN = "own", _("本人在网上")
        CALL = "call", _("打电话问过")
        VISIT = "visit", _("当面问过")
        PAPER = "paper", _("签了字")

    class End(models.TextChoices):
        WITHDRAWN = "withdrawn", _("已撤回")
        RENEWED = "renewed", _("换了新说明")

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("事项"), max_length=12, choices=Purpose)
    about = models.BigIntegerField(null=True)
    version = models.CharField(max_length=16)
    words = models.CharField(_("说明"), max_length=300)
    how = models.CharField(_("怎么问的"), max_length=10, choices=How)
    given_by = models.CharField(_("监护人"), max_length=50, blank=True)
    witness = models.CharField(_("见证人"), max_length=50, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=10, choices=End, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "about"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_standing_consent_per_purpose",
                violation_error_message=_("已经记下同意了，不用再记。"),
            ),
            models.CheckConstraint(
                condition=~Q(how="paper") | ~Q(witness=""),
                name="paper_consent_has_a_witness",
                violation_error_message=_("签字同意的，请写见证人的姓名。"),
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="consents_of_a_person")]


class EmergencyContact(models.Model):
    """Whom to ring when nobody answers the door, first rank first; the number is sealed like the person's own.

    Rank 0 is a minor's guardian (rule P11).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="emergency_contacts")
    rank = models.PositiveSmallIntegerField(_("先后"))
    name = models.CharField(_("姓名"), max_length=50)
    relation = models.CharField(_("关系"), max_length=10)
    phone = SealedField()
    phone_hash = HashOfField("phone")
    phone_ending = EndingOfField("phone")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "rank"],
                name="one_emergency_contact_per_rank",
                violation_error_message=_("紧急联系人的先后重复了，请刷新页面再改。"),
            ),
            models.CheckConstraint(
                condition=Q(rank__range=(0, 2)),
                name="two_emergency_contacts_at_most",
                violation_error_message=_("紧急联系人最多登记两位。"),
            ),
        ]
        indexes = [models.Index(fields=["phone_hash"], name="emergency_contacts_by_phone")]

    def __str__(self) -> str:
        return masked(self.name)


class Complaint(models.Model):
    """A complaint or suggestion from any page (rule P4): numbered, answered, and to be followed by its number."""

    class State(models.TextChoices):
        RECEIVED = "received", _("已收到")
        ANSWERED = "answered", _("已答复")

    MOVES = {State.RECEIVED: {State.ANSWERED}}
    TONES = {State.RECEIVED: "waiting", State.ANSWERED: "done"}

    number = models.CharField(max_length=12, unique=True)
    text = SealedField()
    page = models.CharField(max_length=200, blank=True)
    contact = SealedField(null=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="complaints")
    scope = PathField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    answer = models.TextField(_("答复"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at", "id"], name="open_complaints", condition=Q(state="received"))]

    def __str__(self) -> str:
        return self.number
