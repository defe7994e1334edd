"""The few things a deployment decides, read from environment variables; each is described in docs/operate.md."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

SOURCE = Path(__file__).resolve().parents[2]


def is_yes(name: str) -> bool:
    """Whether the variable `name` says yes (`yes`, `true`, `1`)."""
    return os.environ.get(name, "").strip().lower() in {"yes", "true", "1"}


def is_no(name: str) -> bool:
    """Whether the variable `name` says no (`no`, `false`, `0`)."""
    return os.environ.get(name, "").strip().lower() in {"no", "false", "0"}


def host() -> str:
    """The address the server listens on (`HOST`); loopback unless an operator opens it."""
    return os.environ.get("HOST", "127.0.0.1")


def port() -> int:
    """The port the server listens on (`PORT`)."""
    return int(os.environ.get("PORT", "8000"))


def is_loopback() -> bool:
    """Whether only this machine can reach the server."""
    return host() in {"127.0.0.1", "::1", "localhost"}


def own_address() -> str:
    """The address at which this machine reaches its own server."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host(), host())  # noqa: S104 read, not bound


def url() -> str:
    """Where to point a browser."""
    name = f"[{own_address()}]" if ":" in own_address() else own_address()
    return f"http://{name}:{port()}/"


def web_processes() -> int:
    """How many processes serve pages (`LIANXIN_WEB_PROCESSES`), each with four threads."""
    return int(os.environ.get("LIANXIN_WEB_PROCESSES", "2"))


def demo_size() -> str:
    """How big a demo city becomes (`LIANXIN_DEMO_SIZE`), unless its command says otherwise."""
    return os.environ.get("LIANXIN_DEMO_SIZE", "city")


def is_root() -> bool:
    """Whether we run as root, which PostgreSQL refuses to do."""
    return os.geteuid() == 0


def var_folder() -> Path:
    """Where data, keys and sockets live (`LIANXIN_VAR`): `var/` in the source, `/var/lib/lianxin` for root."""
    chosen = os.environ.get("LIANXIN_VAR")
    if chosen:
        return Path(chosen).absolute()
    return Path("/var/lib/lianxin") if is_root() else SOURCE / "var"


def hostnames() -> list[str]:
    """The names under which people reach the site; none when any will do."""
    return [name for name in os.environ.get("LIANXIN_HOSTNAMES", "").split(",") if name]


def answered_names() -> list[str]:
    """To which names the server answers: those, and the machine itself, which asks for its own health."""
    return [*hostnames(), "127.0.0.1", "localhost", "[::1]"] if hostnames() else ["*"]


def trusted_proxies() -> list[IPv4Network | IPv6Network]:
    """The addresses of our own proxies (`LIANXIN_TRUSTED_PROXIES`, separated by commas); nobody else is believed."""
    named = os.environ.get("LIANXIN_TRUSTED_PROXIES", "").split(",")
    return [ip_network(name.strip()) for name in named if name.strip()]


def backup_folder() -> Path:
    """Where backups go when no other folder is named (`LIANXIN_BACKUP_FOLDER`)."""
    return Path(os.environ.get("LIANXIN_BACKUP_FOLDER", var_folder() / "backups")).absolute()


def wal_folder() -> Path:
    """Where the embedded database archives its log (`LIANXIN_WAL_FOLDER`); by default beside it, from the first
    backup on."""
    return Path(os.environ.get("LIANXIN_WAL_FOLDER", var_folder() / "wal")).absolute()


def is_wal_folder_chosen() -> bool:
    """Whether the operator named the archive: then it must be there, a mount that is missing is an error."""
    return "LIANXIN_WAL_FOLDER" in os.environ


def key_file() -> Path:
    """The file of sealing keys (`LIANXIN_KEY_FILE`), kept apart from the database and its backup."""
    return Path(os.environ.get("LIANXIN_KEY_FILE", var_folder() / "keys.json"))


def sms_url() -> str:
    """Where text messages are handed over (`LIANXIN_SMS_URL`); nothing leaves the house without it."""
    return os.environ.get("LIANXIN_SMS_URL", "")


def sms_key_file() -> str:
    """The file with the carrier's key (`LIANXIN_SMS_KEY_FILE`)."""
    return os.environ.get("LIANXIN_SMS_KEY_FILE", "")


def sms_signature() -> str:
    """Who signs a text message (`LIANXIN_SMS_SIGNATURE`), as the carrier has registered it."""
    return os.environ.get("LIANXIN_SMS_SIGNATURE", "连心")


def fonts() -> str:
    """A folder of fonts for printed pages (`LIANXIN_FONTS`), searched before the system's own."""
    return os.environ.get("LIANXIN_FONTS", "")


def sign_in_providers() -> dict[str, dict[str, str]]:
    """Accounts elsewhere with which people may sign in: those whose client id is set, with their other values."""
    offered = {
        "oidc": {
            "words": os.environ.get("LIANXIN_OIDC_NAME", "统一身份认证"),
            "issuer": os.environ.get("LIANXIN_OIDC_ISSUER", ""),
            "client_id": os.environ.get("LIANXIN_OIDC_CLIENT", ""),
            "client_secret": os.environ.get("LIANXIN_OIDC_SECRET", ""),
        },
        "wechat": {
            "words": "微信",
            "client_id": os.environ.get("LIANXIN_WECHAT_CLIENT", ""),
            "client_secret": os.environ.get("LIANXIN_WECHAT_SECRET", ""),
        },
        "dingtalk": {
            "words": "钉钉",
            "client_id": os.environ.get("LIANXIN_DINGTALK_CLIENT", ""),
            "client_secret": os.environ.get("LIANXIN_DINGTALK_SECRET", ""),
        },
    }
    return {name: facts for name, facts in offered.items() if facts["client_id"]}


def is_embedded() -> bool:
    """Whether we run PostgreSQL ourselves, because no `DATABASE_URL` was given."""
    return not os.environ.get("DATABASE_URL")


def socket_folder() -> Path:
    """The private folder (mode 0700) of the embedded server's socket."""
    return var_folder() / "socket"


def database() -> dict[str, Any]:
    """Django's settings of the one database: `DATABASE_URL`, or the embedded server's socket."""
    options: dict[str, Any] = {
        "ENGINE": "lianxin.base.database",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"prepare_threshold": 3},
    }
    if is_embedded():
        return options | {"NAME": "lianxin", "USER": "lianxin", "HOST": str(socket_folder())}
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    for name, value in conninfo_to_dict(os.environ["DATABASE_URL"]).items():
        if name in known:
            options[known[name]] = str(value)
        else:
            options["OPTIONS"][name] = value
    return options
