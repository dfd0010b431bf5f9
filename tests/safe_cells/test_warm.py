import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from support.jailed import descendants, printed, run, started, still_there

from safe_cells.kernel_pool import Ended, Limits, Slow
from safe_cells.socket_kernels import SocketKernelManager

pytestmark = pytest.mark.linux

CELLS = [
    "print('one', end=' '); print('two')\n'three'",
    "import sys\nprint('out'); print('err', file=sys.stderr)",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "fig, ax = plt.subplots()\nax.bar([1], [2]);",
    "import pandas as pd\npd.read_csv('given.csv')",
    "display(1, {'a': 2})\nfrom IPython.display import HTML, Markdown\ndisplay(HTML('<b>x</b>'), Markdown('*y*'))\n5",
    "def f():\n    return g()\ndef g():\n    return 1 / 0\nf()",
    "nothing_of_this_name",
    "if True print(1)",
    "pd.DataFrame({'a': [1]})['b']",
    "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "asyncio.run(asyncio.sleep(0))",
    "!echo from a shell; exit 3",
    "_exit_code, _, Out[1], In[1]",
    "%%bash\necho from bash",
    "%who_ls",
    "%matplotlib inline",
    # Nothing printed behind it, and time to arrive: a stock kernel shows what a program put out now here, now there.
    (
        "import subprocess, os, time\nprint('before', flush=True)\n"
        "subprocess.run(['echo', 'from a program'])\ntime.sleep(0.5)"
    ),
    "status = os.system('echo system; exit 2')\ntime.sleep(0.5)\nstatus",
    "input('name? ')",
    "import warnings\nwarnings.warn('careful')",
    "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')",
    "handle = display('first', display_id=True)\nhandle.update('second')",
    "int?",
    "raise SystemExit(1)",
    "__name__, __builtins__.__name__, sys.path.index(''), sorted(globals()), os.environ['NBGRADER_EXECUTION']",
    "import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as pool:\n    print(pool.map(abs, [-1, 2]))",
    "class Odd:\n    def __repr__(self):\n        raise ValueError('no words for it')\nOdd()",
    "import ipywidgets\nslider = ipywidgets.IntSlider(3)\nslider.value",
    "import workshop\nworkshop.table('treaty_joinings').head(2)",
]


@pytest.fixture(scope="module")
def warm():
    with started() as warm:
        yield warm


@pytest.fixture
def kernel(warm):
    with warm.participant(None, Limits()) as child:
        yield child


def plain(outputs):
    """Outputs without what differs from one run to the next."""
    kept = []
    for output in outputs:
        output = dict(output)
        if kept and output["output_type"] == "stream" and output["name"] == kept[-1].get("name"):
            kept[-1]["text"] += output["text"]
            continue
        if output["output_type"] == "stream":
            output["text"] = output["text"].replace("/tmp/ipykernel_", "ipykernel_")
            if "careful" in output["text"]:
                output["text"] = output["text"].partition("UserWarning")[2]
        if output["output_type"] == "error":
            output["traceback"] = len(output["traceback"])
        kept.append(output)
    return kept


def test_cells_show_what_they_show_in_a_stock_kernel(warm, tmp_path, monkeypatch):
    (tmp_path / "given.csv").write_text("state,year\nMeridia,1996\n")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # where it is set, a stock kernel leaves out what programs print
    monkeypatch.setenv("WORKSHOP_HOME", str(Path(__file__).resolve().parents[2]))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    NotebookClient(
        notebook,
        timeout=30,
        allow_errors=True,
        kernel_name="python3",
        kernel_manager_class=SocketKernelManager,
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute()
    stock = [plain(cell.outputs) for cell in notebook.cells]
    with warm.participant(tmp_path, Limits()) as child:
        ours = [plain(run(child, source)["outputs"]) for source in CELLS]
    assert [(source, one, other) for source, one, other in zip(CELLS, ours, stock, strict=True) if one != other] == []


def test_outputs_are_fit_for_a_notebook_or_the_process_is_ended(warm):
    with warm.participant(None) as child:
        outputs, status, count = child.run("print('x')\n1", 10)
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell("", outputs=outputs, execution_count=count)]
        )
        assert status == "ok" and nbformat.validate(notebook) is None
    forged = [
        "'text'",
        "[1]",
        "[{'output_type': 'stream', 'name': 'stdout', 'text': 5}]",
        "[{'output_type': 'strange'}]",
        "[{'output_type': 'display_data', 'data': {'text/plain': [1]}, 'metadata': {}}]",
    ]
    for outputs in forged:
        with warm.participant(None) as child, pytest.raises(Ended, match="sent what is no answer"):
            child.run(f"import safe_cells.kernel as kernel\nkernel.Outputs.take = lambda self: {outputs}", 10)


def test_a_folder_given_out_is_found_under_every_name(tmp_path):
    (tmp_path / "real" / "given").mkdir(parents=True)
    (tmp_path / "real" / "given" / "map.csv").write_text("a")
    (tmp_path / "named").symlink_to(tmp_path / "real")
    (tmp_path / "direct").symlink_to(tmp_path / "real" / "given")
    places = [tmp_path / "named" / "given", tmp_path / "direct"]
    with started(readable=places) as warm, warm.participant(None) as child:
        for place in (*places, tmp_path / "real" / "given"):
            assert child.run(f"open({str(place / 'map.csv')!r}).read()", 10)[1] == "ok", place


def test_a_kernel_has_an_own_copy_of_the_files(warm, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "note.txt").write_text("ä")
    with warm.participant(tmp_path) as child:
        assert "'ä'" in str(run(child, "open('deep/note.txt', encoding='utf-8').read()"))
        assert run(child, "open('deep/note.txt', 'w').write('changed'); open('new', 'w').write('x')")["status"] == "ok"
    assert (tmp_path / "deep" / "note.txt").read_text() == "ä" and not (tmp_path / "new").exists()


def test_a_cell_that_takes_too_long_is_named_as_nbgrader_names_it_and_the_next_one_runs(kernel):
    run(kernel, "from time import sleep\nimport asyncio")
    for endless in ("while True: pass", "sleep(60)", "await asyncio.sleep(60)"):
        reply = run(kernel, f"print('begun')\n{endless}", seconds=0.3)
        assert [output.get("ename", output.get("text")) for output in reply["outputs"]] == [
            "begun\n",
            "CellTimeoutError",
        ]
        assert reply["status"] == "error"
    assert run(kernel, "1 + 1")["outputs"][0]["data"] == {"text/plain": "2"}


def test_a_cell_that_swallows_every_interrupt_is_slow_and_can_be_stopped(kernel):
    kernel.send(
        {"do": "run", "source": "import signal\nsignal.signal(14, signal.SIG_IGN)\nwhile True: pass", "seconds": 0.2}
    )
    with pytest.raises(Slow):
        kernel.receive(0.6)
    kernel.stop()
    with pytest.raises(Ended, match="was stopped"):
        kernel.receive(1)


def test_what_a_function_prints_for_the_judge_comes_with_the_answer(kernel):
    run(kernel, "def greet(name):\n    print('Hello', name)\n    return name.upper()")
    kernel.send({"ask": {"do": "names", "names": ["greet"]}, "id": 1})
    number = kernel.receive(5)["reply"]["names"]["greet"]["value"][1]
    from safe_cells import wire as plain_data

    kernel.send({"ask": {"do": "call", "args": [["handle", number], plain_data.encode("Ada")]}, "id": 2})
    reply = kernel.receive(5)["reply"]
    assert plain_data.decode(reply["value"]) == "ADA"
    assert reply["streams"] == [["stdout", "Hello Ada\n"]]


def test_two_kernels_draw_different_random_numbers(warm):
    seen = set()
    for _ in range(2):
        with warm.participant(None) as child:
            seen.add(printed(run(child, "import random, numpy\nprint(random.random(), numpy.random.rand())")))
    first, second = (text.split() for text in seen)
    assert first[0] != second[0] and first[1] != second[1]


def test_a_module_beside_the_notebook_goes_before_one_imported_ahead(warm, tmp_path):
    (tmp_path / "pandas.py").write_text("mine = True")
    with warm.participant(tmp_path) as child:
        assert run(child, "import pandas\nassert pandas.mine")["status"] == "ok"


def test_a_kernel_remembers_nothing_of_the_one_before(warm):
    with warm.participant(None) as first:
        run(first, "import pandas\npandas.secret = 1\nopen('/tmp/left', 'w').write('x')")
    with warm.participant(None) as second:
        reply = run(second, "import os, pandas\nprint(hasattr(pandas, 'secret'), os.path.exists('/tmp/left'))")
    assert printed(reply) == "False False\n"


def test_no_module_counts_as_imported_before_a_cell_imports_it(kernel):
    assert run(kernel, "pandas")["outputs"][-1]["ename"] == "NameError"


def test_a_judge_answers_in_a_process_like_it(warm):
    with warm.judge(None) as judge:
        source = "import os\nassert os.getcwd() == '/tmp/work'\nprint(os.environ['NBGRADER_EXECUTION'])"
        judge.send({"do": "test", "source": source, "needs": {}})
        done = judge.receive(10)["done"]
        assert done["status"] == "ok" and done["outputs"][0]["text"] == "autograde\n"


@pytest.mark.usefixtures("warm")
def test_the_warm_process_starts_in_a_thread_of_a_daemon():
    program = """
import multiprocessing, threading
from safe_cells.kernel_pool import Warm

def work(answers):
    def thread():
        with Warm() as warm, warm.participant(None) as child:
            child.send({"do": "run", "source": "6 * 7"})
            answers.put(child.receive(10)["outputs"][0]["data"]["text/plain"])
    one = threading.Thread(target=thread)
    one.start()
    one.join()

if __name__ == "__main__":
    answers = multiprocessing.Queue()
    process = multiprocessing.Process(target=work, args=(answers,), daemon=True)
    process.start()
    print(answers.get(timeout=30))
    process.join()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout == "42\n", done.stderr


def test_closing_ends_every_process():
    before = descendants(os.getpid())
    warm = started()
    child = warm.participant(None)
    run(child, "1")
    pids = set(descendants(os.getpid())) - set(before)
    warm.close()
    assert len(pids) == 4 and not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    with pytest.raises(Ended):
        child.receive(1)


@pytest.mark.usefixtures("warm")
def test_everything_ends_with_the_grader():
    program = (
        "import os\nfrom safe_cells.kernel_pool import Warm\nwarm = Warm()\nchild = warm.participant(None)\n"
        "child.send({'do': 'run', 'source': 'import subprocess; subprocess.Popen([\"sleep\", \"60\"])'})\n"
        "child.receive(10)\nprint('ready', flush=True)\nimport time; time.sleep(60)"
    )
    grader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert grader.stdout.readline() == "ready\n"
    pids = descendants(grader.pid)
    grader.kill()
    grader.wait()
    assert len(pids) >= 5 and not still_there(pids)


def ask_for_kernels(warm, number, line):
    """In a forked process: start kernels one after another and say what each answers."""
    for turn in range(6):
        with warm.participant(None, Limits()) as child:
            line.send(printed(run(child, f"print({number}, {turn})")))
    line.close()


def test_forked_processes_share_the_warm_process_and_one_that_is_killed_disturbs_nobody(warm):
    fork = multiprocessing.get_context("fork")
    warm.wait()
    ours = []
    for number in range(3):
        reading, writing = fork.Pipe(duplex=False)
        process = fork.Process(target=ask_for_kernels, args=(warm, number, writing))
        process.start()
        writing.close()
        ours.append((process, reading))
    assert ours[0][1].recv().strip() == "0 0"
    ours[0][0].kill()
    for number, (process, reading) in enumerate(ours[1:], 1):
        assert [reading.recv().strip() for _ in range(6)] == [f"{number} {turn}" for turn in range(6)]
        process.join(20)
        assert process.exitcode == 0
    with warm.participant(None, Limits()) as child:
        assert printed(run(child, "print('still there')")).strip() == "still there"
