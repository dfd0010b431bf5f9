"""Kernels that are reached by sockets in a folder of their own, where the system has them.

So no other program meets them on a port.
"""

import os
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client.manager import AsyncKernelManager


class SocketKernelManager(AsyncKernelManager):
    """Starts a kernel as Jupyter does, but for the way to it.

    Jupyter chooses a free TCP port and closes it again; until the kernel opens it, another program may take it. The
    folder has a short name, since the path of a socket may have at most 103 characters (macOS; 107 on Linux). Windows
    has no sockets that ZeroMQ could use: there everything stays as it is.
    """

    def __init__(self, **options: Any) -> None:
        self._folder = TemporaryDirectory(prefix="kernel-", dir="/tmp") if os.name == "posix" else None
        if self._folder:
            options |= {"transport": "ipc", "connection_file": f"{self._folder.name}/kernel.json"}
        super().__init__(**options)

    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]  # its base is the other, without await
        """Remove what lies on the disk; at a restart the sockets stay where they are."""
        await super().cleanup_resources(restart=restart)
        if self._folder and not restart:
            self._folder.cleanup()
