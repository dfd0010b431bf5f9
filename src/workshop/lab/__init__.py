"""JupyterLab as a workshop needs it, and the folder that participants get."""
