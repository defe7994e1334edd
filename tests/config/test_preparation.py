"""What must be so before a page is served."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from lianxin.base.models import HolidayNotice, Installation
from lianxin.config.cannot_start import CannotStart
from lianxin.config.preparation import prepare
from lianxin.config.static_files import collect_if_changed


def test_static_files_are_collected_again_only_when_they_changed(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    collect_if_changed()
    manifest = tmp_path / "staticfiles.json"
    manifest.unlink()
    collect_if_changed()
    assert not manifest.exists()
    (tmp_path / ".collected").write_text("another release")
    collect_if_changed()
    assert manifest.exists()


@pytest.mark.django_db(transaction=True)
def test_a_demo_is_not_shown_to_the_network(settings: Settings) -> None:
    settings.DEMO_ALLOWED = False
    prepare(demo=False)
    with pytest.raises(CannotStart, match="LIANXIN_DEMO_ON_NETWORK=yes"):
        prepare(demo=True)
    Installation.objects.create(city="晴川", is_demo=True, key_fingerprint=settings.KEYS.fingerprint)
    with pytest.raises(CannotStart, match="LIANXIN_DEMO_ON_NETWORK=yes"):
        prepare(demo=False)


@pytest.mark.django_db(transaction=True)
def test_an_empty_installation_knows_the_days_off_and_says_how_to_begin(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(demo=False)
    assert HolidayNotice.objects.filter(year=2026).exists()
    assert "first-run" in capsys.readouterr().out
    Installation.objects.create(city="晴川", key_fingerprint=settings.KEYS.fingerprint)
    prepare(demo=False)
    assert "first-run" not in capsys.readouterr().out
