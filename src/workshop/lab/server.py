"""JupyterLab as a workshop needs it: one folder, one page in front, one button, and nothing that asks or phones home.

What it looks like stands in `lab_config/`. All that JupyterLab keeps lies in the `.workshop` folder beside
the pages, so a person's other Jupyter set-up is neither read nor changed.
"""

import contextlib
import http.client
import json
import logging
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
import webbrowser
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp, list_running_servers
from tornado import web
from tornado.netutil import bind_sockets
from traitlets import default
from traitlets.config import Config

from workshop import environment
from workshop.answers.atomic import put
from workshop.content import tables
from workshop.errors import WorkshopError

LOOK = Path(__file__).parent / "config"
PORT = 8888
# Kernels that listen on sockets in a folder never meet another program on a port. Windows has none that ZeroMQ could
# use.
SOCKETS = os.name == "posix"
WIDGET = "application/vnd.jupyter.widget-view+json"


def start(folder: Path, port: int | None = None, browser: bool = True) -> int:
    """Open `folder` in JupyterLab and stay until Ctrl-C. Returns the exit code.

    A folder that is open already is not opened twice: its address is shown again.
    """
    folder = folder.resolve()
    own = folder / ".workshop"
    browser = browser and environment.has_display()
    if address := running_address(own / "runtime"):
        print(f"This folder is already open. Its address is {address}", flush=True)
        if browser:
            webbrowser.open(address_for_once(address))
        return 0
    prepare(own)
    keep_to(own)
    server = Server(config=settings(folder, own, PORT if port is None else port, browser))
    server.initialize(argv=[], find_extensions=False)
    server.contents_manager.register_pre_save_hook(without_widgets)  # type: ignore[no-untyped-call]
    with kernel_sockets() as sockets:
        server.kernel_manager.connection_dir = sockets
        server.start()
    print(f"\nThe workshop is closed. Answers and pages are kept in {folder}", flush=True)
    return 0


def kernel_sockets() -> tempfile.TemporaryDirectory[str]:
    """A folder, gone at the end, for the sockets and keys of kernels.

    Its path is short, since that of a socket may have 107 characters at most.
    """
    return tempfile.TemporaryDirectory(prefix="kernels-", dir="/tmp" if SOCKETS else None, ignore_cleanup_errors=True)


def running_address(runtime: Path) -> str | None:
    """The address of the server that already shows this folder, or None."""
    for server in list_running_servers(str(runtime)):
        where = urlsplit(server["url"])
        line = http.client.HTTPConnection(where.hostname, where.port, timeout=3)
        try:
            line.request("GET", f"{where.path}api")
            if "version" in json.loads(line.getresponse().read()):
                return address_of(server["url"], server["token"])
        except (OSError, http.client.HTTPException, ValueError):
            continue  # the number of a process that has died now belongs to another program
        finally:
            line.close()
    return None


def address_of(url: str, token: str) -> str:
    """What to type into a browser."""
    return f"{url}?token={token}"


def address_for_once(address: str) -> str:
    """Ask the server with this address for one that opens it once."""
    where = urlsplit(address)
    line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=3)
    try:
        key = where.query.partition("=")[2]
        line.request("POST", f"{where.path}open", headers={"Authorization": f"token {key}"})
        return str(json.loads(line.getresponse().read())["address"])
    finally:
        line.close()


# ---------------------------------------------------------------- what is set before the server starts


def prepare(own: Path) -> None:
    """Make the server's own folder. What a person set stays (`settings`); what was open last time does not.

    Only this account may look into it: the server writes its key there. Raises WorkshopError.
    """
    try:
        _prepare(own)
    except OSError as error:
        raise WorkshopError(
            f"The folder {own} could not be written: {error.strerror}. Make room on the disk, or let your account "
            "write there, then start again."
        ) from error


def _prepare(own: Path) -> None:
    own.mkdir(parents=True, exist_ok=True)
    own.chmod(0o700)
    for name in ("runtime", "workspaces", "ipython"):
        shutil.rmtree(own / name, ignore_errors=True)
    (own / "lab.log").unlink(missing_ok=True)
    for name in ("jupyter", "data", "runtime", "settings", "workspaces", "ipython/profile_default"):
        (own / name).mkdir(parents=True, exist_ok=True)
    (own / "runtime").chmod(0o700)
    # The name is the one that JupyterLab makes from “default”.
    (own / "workspaces" / "default-37a8.jupyterlab-workspace").write_text(
        json.dumps(layout(own.parent)), encoding="utf-8"
    )
    (own / "ipython" / "profile_default" / "ipython_kernel_config.py").write_text(
        "c.HistoryManager.enabled = False\nc.IPKernelApp.log_level = 40\n", encoding="utf-8"
    )
    kept = own / "settings" / "@jupyterlab" / "shortcuts-extension" / "shortcuts.jupyterlab-settings"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"shortcuts": stray_keys()}, indent=1), encoding="utf-8")


def layout(folder: Path) -> dict[str, Any]:
    """What is open when JupyterLab starts: the first page, and beside it the list of pages."""
    pages = [*sorted(folder.glob("notebooks/*.ipynb")), *sorted(folder.glob("*.ipynb"))]
    arrangement = {
        "main": {},
        "left": {
            "collapsed": False,
            "visible": True,
            "current": "filebrowser",
            "widgets": ["filebrowser", "table-of-contents"],
        },
        "right": {"collapsed": True, "visible": False, "widgets": []},
        "relativeSizes": [0.22, 0.78, 0],
    }
    data = {"layout-restorer:data": arrangement}
    if pages:
        first = pages[0].relative_to(folder).as_posix()
        name = f"notebook:{first}"
        arrangement["main"] = {"dock": {"type": "tab-area", "currentIndex": 0, "widgets": [name]}, "current": name}
        data[name] = {"data": {"path": first, "factory": "Notebook"}}
        data["file-browser-filebrowser:cwd"] = {"path": pages[0].parent.relative_to(folder).as_posix().strip(".")}
    return {"data": data, "metadata": {"id": "default"}}


def stray_keys() -> list[dict[str, Any]]:
    """JupyterLab's one-letter commands, switched off: X would cut a piece of the page, an arrow would leave a card."""
    schemas = Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas" / "@jupyterlab"
    held = ("Accel", "Alt", "Ctrl", "Cmd", "Enter", "Escape", "Tab")
    return [
        {**shortcut, "disabled": True}
        for path in sorted(schemas.glob("*/*.json"))
        for shortcut in json.loads(path.read_text(encoding="utf-8")).get("jupyter.lab.shortcuts", [])
        if ":focus" in shortcut["selector"]
        and any(shortcut["keys"])
        and not any(part in held for key in shortcut["keys"] for part in key.split())
    ]


def keep_to(own: Path) -> None:
    """Point Jupyter, and the kernels it will start, to the server's own folder and to the kit."""
    environment.point_jupyter_to(own)
    if not environment.named_home():
        with contextlib.suppress(tables.NotFoundError):  # the built pages carry what they need
            environment.set_home(tables.home())


def token(own: Path) -> str:
    """The key in the address, the same at every start: a page left open in a browser works again after a restart."""
    path = own / "token"
    if not path.exists():
        put(path, secrets.token_hex(16).encode("ascii"), mode=0o600)
    return path.read_text(encoding="ascii").strip()


def settings(folder: Path, own: Path, port: int, browser: bool) -> Config:
    """All that is set for the server and for JupyterLab."""
    share = Path(sys.prefix) / "share" / "jupyter"
    c = Config()
    c.ServerApp.root_dir = str(folder)
    c.ServerApp.ip = "127.0.0.1"
    c.ServerApp.port = port
    c.ServerApp.port_retries = 50
    c.ServerApp.allow_root = True
    c.ServerApp.open_browser = browser
    # There is no page that would hand over the key: see `Opening`.
    c.ServerApp.use_redirect_file = False
    c.ServerApp.cookie_secret_file = str(own / "cookie_secret")
    c.ServerApp.default_url = "/lab"
    c.ServerApp.jpserver_extensions = {"jupyterlab": True}
    c.ServerApp.terminals_enabled = False
    c.ServerApp.quit_button = False
    c.Application.log_level = logging.WARNING
    c.Application.logging_config = {
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(message)s"}},
        "handlers": {
            "console": {"level": "CRITICAL"},
            "file": {
                "class": "logging.FileHandler",
                "formatter": "plain",
                "filename": str(own / "lab.log"),
                "encoding": "utf-8",
            },
        },
        "loggers": {name: {"level": "WARNING", "handlers": ["console", "file"]} for name in ("ServerApp", "LabApp")},
    }
    c.IdentityProvider.token = token(own)
    c.LabApp.app_settings_dir = str(LOOK)
    c.LabApp.custom_css = True
    c.LabApp.user_settings_dir = str(own / "settings")
    c.LabApp.workspaces_dir = str(own / "workspaces")
    c.LabApp.labextensions_path = [str(share / "labextensions")]
    c.LabApp.extra_labextensions_path = [str(LOOK / "extensions")]
    c.LabApp.extension_manager = "readonly"
    c.LabApp.news_url = None
    c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
    c.KernelManager.transport = "ipc" if SOCKETS else "tcp"
    c.KernelSpecManager.kernel_dirs = [str(share / "kernels")]
    c.FileContentsManager.delete_to_trash = False
    c.ContentsManager.hide_globs = ["__pycache__", "*.pyc", "*.answers.json", "data"]
    return c


# ---------------------------------------------------------------- while it runs


def without_widgets(model: dict[str, Any], **_: object) -> None:
    """Leave cards out of a notebook that is saved: without its kernel a card would read “Error displaying widget”."""
    if model["type"] != "notebook" or not isinstance(model["content"], dict):
        return
    content = model["content"]
    content.get("metadata", {}).pop("widgets", None)
    for cell in content.get("cells", []):
        if cell.get("cell_type") == "code":
            cell["outputs"] = [out for out in cell.get("outputs", []) if WIDGET not in out.get("data", {})]


class Opening(JupyterHandler):
    """Trades a word that is good once, and for a minute, for the address with the key in it.

    What a browser is started with can be read by every account of the computer, so it must not be the key. A file that
    only its owner may read is no way either: browsers that are installed as a snap cannot read it.
    """

    words: ClassVar[dict[str, float]] = {}  # word -> until when it is good, on the monotonic clock

    @classmethod
    def new_word(cls) -> str:
        """A word that is good once."""
        word = secrets.token_hex(16)
        cls.words[word] = time.monotonic() + 60
        return word

    @web.authenticated
    def post(self) -> None:
        """A new address, for whoever has the key."""
        self.finish({"address": f"{self.request.protocol}://{self.request.host}{self.base_url}open?{self.new_word()}"})

    @allow_unauthenticated
    def get(self) -> None:
        """Lead to the first page, with the key."""
        if time.monotonic() > self.words.pop(self.request.query, 0):
            raise web.HTTPError(403, "This address opens the workshop once. Copy the one that stands in the terminal.")
        self.set_header("Referrer-Policy", "no-referrer")
        self.redirect(address_of(self.base_url, self.settings["identity_provider"].token))


class Server(ServerApp):
    """A Jupyter server that says one sentence when it is ready and stops at the first Ctrl-C."""

    def load_config_file(self, *_: object, **__: object) -> None:
        """Read no configuration but ours."""

    @default("static_custom_path")
    def _where_custom_css_lies(self) -> list[str]:
        return [str(LOOK / "custom")]

    def init_webapp(self) -> None:
        super().init_webapp()
        self.web_app.add_handlers(".*$", [(f"{self.base_url}open", Opening)])  # type: ignore[no-untyped-call]

    def write_browser_open_files(self) -> None:
        """Write no page that holds the key."""

    def launch_browser(self) -> None:
        """Open the browser, which may take its time, at an address that is good once."""
        address = f"http://{self.ip}:{self.port}{self.base_url}open?{Opening.new_word()}"
        threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()

    def init_signal(self) -> None:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: self.stop(from_signal=True))

    def _find_http_port(self) -> None:
        """Listen from the moment at which a port is found to be free, else another program may take it in between."""
        for port in range(self.port, self.port + self.port_retries + 1):
            try:
                self._listening = bind_sockets(port, self.ip)
            except OSError:
                continue
            self.port = self._listening[0].getsockname()[1]
            return
        print("No port could be opened. Name another one with --port.", flush=True)
        self.exit(1)

    def _bind_http_server_tcp(self) -> bool:
        self.http_server.add_sockets(self._listening)
        return True

    def _bind_http_server(self) -> None:
        super()._bind_http_server()
        address = address_of(f"http://{self.ip}:{self.port}/", self.identity_provider.token)
        how = "A browser opens now; if it does not, go to" if self.open_browser else "Open this address in a browser:"
        print(f"The workshop is ready. {how} {address}\nTo stop it, press Ctrl-C here.", flush=True)
