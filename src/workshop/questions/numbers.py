"""Numbers as people write them: `17,800,000`, `17.800.000`, `17 800 000`, `35,3`, `٣٥٫٣`.

A point or a comma with exactly three digits after it marks thousands in one country and decimals in another, so some
texts can be read in two ways.
"""

import re
import unicodedata

# Thousands in groups of three, or digits with commas and points in any way. The blanks are a plain, a hard, a figure, a
# thin and a narrow hard space; the apostrophes are those of a keyboard and of print.
GROUPS = " \u00a0\u2007\u2009\u202f'\u2019"
NUMBER = re.compile(rf"[-+\u2212]?(?:\d{{1,3}}(?:[{GROUPS}]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d[\d.,]*|(?<!\w)\.\d+)")
# The decimal point and the thousands comma of Arabic script and of full-width keyboards.
SIGNS = str.maketrans({"\u066b": ".", "\u066c": ",", "\uff0e": ".", "\uff0c": ",", "\uff0d": "-"})
# One point or comma with three digits after it and one to three before, the first of them no nought.
EITHER = re.compile(r"([-+]?)([1-9]\d{0,2})[.,](\d{3})")
RANGE = re.compile(
    rf"{NUMBER.pattern}\s*%?\s*(?:[-\u2010-\u2015\u2212~]|\.\.+|\u2026|\b(?:to|until|and|or|a|hasta|y|sampai|hingga|dan)\b)\s*{NUMBER.pattern}"
)


def number(words: object) -> float | None:
    """The first number in a text as it is most likely meant, or None.

    A comma before three digits marks thousands, a point decimals.
    """
    meant = readings(words)
    return meant[0] if meant else None


def readings(words: object) -> list[float]:
    """What the first number in a text can mean: nothing, one number, or two, the likelier in English first."""
    original = str(words)
    match = NUMBER.search(_plain(original))
    if not match:
        return []
    digits = re.sub(rf"[{GROUPS}]", "", match.group()).replace("\u2212", "-").rstrip(".,")
    likely = _likely(digits)
    either = EITHER.fullmatch(digits)
    # The signs of Arabic script say themselves which they are, and so does another mark for the thousands.
    if (
        either is None
        or "\u066b" in original
        or "\u066c" in original
        or digits != match.group().rstrip(".,").replace("\u2212", "-")
    ):
        return [likely]
    sign, whole, rest = either.groups()
    return sorted((float(f"{sign}{whole}{rest}"), float(f"{sign}{whole}.{rest}")), key=lambda value: value != likely)


def is_range(words: object) -> bool:
    """Whether a text names two numbers with “to” or a dash between them, as `10-12` does."""
    return bool(RANGE.search(_plain(str(words))))


def shown(value: float) -> str:
    """A number as the workshop's texts write it: commas between thousands, a point before decimals."""
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def _plain(words: str) -> str:
    """The text with European digits, points and commas."""
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in words.translate(SIGNS)
    )


def _likely(digits: str) -> float:
    point, comma = digits.rfind("."), digits.rfind(",")
    if point > comma >= 0 or re.fullmatch(r"[-+]?[1-9]\d{0,2}(,\d{3})+", digits):
        digits = digits.replace(",", "")
    elif comma >= 0:
        digits = digits.replace(".", "").replace(",", ".")
    if digits.count(".") > 1:
        digits = digits.replace(".", "")
    return float(digits)
