"""A kernel is reached without a port, however deep the folder lies in which it works, and leaves nothing behind."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from safe_cells.socket_kernels import SocketKernelManager


@pytest.mark.skipif(os.name != "posix", reason="Windows has no sockets for ZeroMQ")
def test_a_kernel_in_a_deep_folder_is_reached_by_sockets_that_are_gone_afterwards(tmp_path):
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    source = (
        "from ipykernel.kernelapp import IPKernelApp\napp = IPKernelApp.instance()\n"
        "print(app.transport, app.ip, sep='|')"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        kernel_manager_class=SocketKernelManager,
        resources={"metadata": {"path": str(deep)}},
    ).execute()
    transport, _, sockets = notebook.cells[0].outputs[0].text.strip().partition("|")
    assert transport == "ipc" and len(f"{sockets}-5") <= 103
    assert not Path(sockets).parent.exists()
