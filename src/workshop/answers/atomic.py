"""Writing a file in one step: whoever kills the process meanwhile finds the old file or the new one, never half of one."""

import os


def put(path, content):
    """Put these bytes where `path` says, on the disk before anybody is told so. Raises OSError, and then the old file is still there."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
