"""The grade book may be a PostgreSQL database: nbgrader's own setting for it is all there is to set."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
import sqlalchemy as sql
from support.course_helpers import course_folder, grade, hand_in, right_answers

CHECK = "check_before"


@pytest.fixture(scope="module")
def postgres():
    """A PostgreSQL server for this test alone; gives the address of an empty database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        pytest.skip("no PostgreSQL server here: on Debian, `apt install postgresql`")
    # Reached by a socket in a folder, whose path may have 107 characters at most.
    place = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))
    # The server refuses to run as root.
    be = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
    if be:
        os.chown(place, 65534, 65534)
    programs = found[-1].parent
    subprocess.run(
        [*be, programs / "initdb", "-D", place / "data", "-A", "trust", "-U", "grader", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=place,
    )
    command = [
        *be,
        programs / "postgres",
        "-D",
        place / "data",
        "-c",
        "listen_addresses=",
        "-c",
        f"unix_socket_directories={place}",
        "-c",
        "fsync=off",
    ]
    with subprocess.Popen(command, cwd=place, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        address = f"postgresql+psycopg://grader@/postgres?host={place}"
        engine = sql.create_engine(address)
        for _ in range(100):
            try:
                engine.connect().close()
                break
            except sql.exc.OperationalError:
                time.sleep(0.1)
        engine.dispose()
        try:
            yield address
        finally:
            process.terminate()
    shutil.rmtree(place, ignore_errors=True)


def test_a_round_is_written_into_it_and_one_that_is_repeated_changes_nothing(postgres, tmp_path):
    folder = course_folder(tmp_path)
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as settings:
        settings.write(f'\nc.CourseDirectory.db_url = "{postgres}"\n')
    right = right_answers(folder, CHECK)
    hand_in(folder, "right", right, exercise=CHECK)
    hand_in(folder, "half", dict(list(right.items())[:6]), exercise=CHECK)
    first = grade(folder, CHECK)
    assert not (folder / "gradebook.db").exists()
    assert first.people["right"].points == first.people["right"].of > first.people["half"].points > 0
    again = grade(folder, CHECK)
    assert (again.graded, again.people) == ([], first.people)
    engine = sql.create_engine(postgres)
    with engine.connect() as connection:
        assert connection.execute(sql.text("select count(*) from grade")).scalar() == 2 * len(right)
    engine.dispose()
