"""How long each page takes to run from top to bottom in a kernel of its own. Aim: under 20 seconds.

python benchmarks/pages.py
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from safe_cells.socket_kernels import SocketKernelManager

ROOT = Path(__file__).resolve().parent.parent


def seconds(path):
    """The time from starting the kernel to the last cell."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = nbformat.read(shutil.copy(path, folder), as_version=4)
        client = NotebookClient(
            notebook, timeout=60, kernel_manager_class=SocketKernelManager, resources={"metadata": {"path": folder}}
        )
        start = time.perf_counter()
        client.execute(env={**os.environ, "WORKSHOP_HOME": str(ROOT)})
        return time.perf_counter() - start


if __name__ == "__main__":
    for page in sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/*/*.ipynb")]):
        print(f"{page.relative_to(ROOT).as_posix():62}{seconds(page):6.1f} s", flush=True)
