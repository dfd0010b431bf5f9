"""The browser's code as files: which modules a page loads, from which addresses, and the words that they say.

A server gives the modules as they lie in the source tree, but for comments, under an address that holds a digest of
them all. Addresses of modules that import each other stand to each other as the files do, so that relative imports lead
to the same edition.
"""

import functools
import hashlib
import json
import re
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
BROWSER = Path(__file__).with_name("browser")
MEDIA = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
# How long a browser may keep what stands under an address with a digest, in seconds: a year.
KEPT = 31_536_000
_JS_IMPORT = re.compile(r'^(?:import|export)\b[^;"]*?"(\.[^"]+)";$', re.MULTILINE)
# Only comments that fill whole lines: what stands inside a line may be part of a text.
_JS_COMMENT = re.compile(r"^[ ]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_JS_LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
_CSS_IMPORT = re.compile(r'^@import "([^"]+)";\n?', re.MULTILINE)


def catalogue(language: str = "en") -> dict[str, Any]:
    """The words of the interface in one language: `lang`, `dir`, `texts`, and those said otherwise `in_a_room`."""
    found: dict[str, Any] = json.loads((BROWSER / f"texts.{language}.json").read_text(encoding="utf-8"))
    return found


def modules(entry: Path, later: bool = False) -> list[Path]:
    """A module and all that it imports, directly or not, each once; with `later` also what it fetches only at need."""
    found = [entry.resolve()]
    for module in found:
        text = module.read_text(encoding="utf-8")
        for name in _JS_IMPORT.findall(text) + (_JS_LATER.findall(text) if later else []):
            imported = (module.parent / name).resolve()
            if imported not in found:
                found.append(imported)
    return found


def code(module: Path) -> str:
    """A module without its comments: types and reasons are for those who read the source, and no phone loads them."""
    return _JS_COMMENT.sub("", module.read_text(encoding="utf-8"))


def styles(sheet: Path) -> str:
    """A style sheet with the sheets that it imports in their place."""
    text = sheet.read_text(encoding="utf-8")
    return _CSS_IMPORT.sub(lambda match: styles(sheet.parent / match.group(1)), text)


class BrowserFiles:
    """What a server gives to browsers: the modules behind `entries`, style sheets, and a catalogue of words.

    `prefix` is the address under which it does, `words` a catalogue as `catalogue` gives it. Files are read once.
    """

    def __init__(
        self, prefix: str, entries: list[Path], sheets: list[Path], words: dict[str, Any] | None = None
    ) -> None:
        self.words = words or catalogue()
        self._modules = {entry.name: [_name(module) for module in modules(entry)] for entry in entries}
        needed = {_name(module) for entry in entries for module in modules(entry, later=True)}
        self._content = {name: code(PACKAGE / name).encode() for name in sorted(needed)}
        self._content |= {_name(sheet): styles(sheet).encode() for sheet in sheets}
        self._content["texts.json"] = json.dumps(self.words, ensure_ascii=False).encode()
        self._short = {Path(name).name: name for name in self._content if name not in needed}
        whole = b"".join(name.encode() + content for name, content in self._content.items())
        self._prefix = f"{prefix}/{hashlib.sha256(whole).hexdigest()[:12]}"

    def sheet(self, name: str) -> str:
        """The address of a style sheet."""
        return self._address(self._short[name])

    @property
    def texts(self) -> str:
        """The address of the catalogue."""
        return self._address("texts.json")

    def modules(self, entry: str) -> list[str]:
        """The addresses of a module, first, and of all that it needs from the beginning."""
        return [self._address(name) for name in self._modules[entry]]

    def read(self, path: str) -> tuple[bytes, str] | None:
        """Content and media type of what stands under an address without prefix and digest; None: nothing does."""
        content = self._content.get(path)
        return None if content is None else (content, MEDIA[Path(path).suffix])

    def _address(self, name: str) -> str:
        return f"{self._prefix}/{name}"


@functools.cache
def built(name: str) -> str:
    """What was built for notebooks: `notebook.js` (all cards), `notebook.css`, `loader.js`, `stub.js` per widget."""
    return (BROWSER / "built" / name).read_text(encoding="utf-8").strip()


@functools.cache
def notebook_module() -> str:
    """All that the cards of a notebook need, as one module."""
    styles, words = (json.dumps(what, ensure_ascii=False) for what in (built("notebook.css"), catalogue()))
    return f"{built('notebook.js')}\nexport const STYLES = {styles}, CATALOGUE = {words};\n"


def _name(path: Path) -> str:
    return path.resolve().relative_to(PACKAGE).as_posix()
