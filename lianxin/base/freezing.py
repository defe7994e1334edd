"""The switch for the worst day: while the installation is frozen nobody opens or exports sealed fields (rule B5)."""

from django.utils.translation import gettext as _

from lianxin.base.models import Installation
from lianxin.base.refused import Refused


def require_not_frozen() -> None:
    """Refuse while the system administrator has stopped all looks and exports (`lianxin breach --freeze`)."""
    if Installation.objects.filter(frozen_at__isnull=False).exists():
        raise Refused(_("系统正在核查信息安全，暂停查看和导出联系方式。急事请打值班电话；恢复后再试。"))
