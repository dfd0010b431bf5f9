"""JupyterLab as a workshop needs it, and the folder that participants get.

Imports `content` and `answers`. Begin with `server.py`, which starts JupyterLab, or `folder.py`.
"""
