"""Code names: what stands for a person in files and grade books."""


def code_name(words: object) -> str:
    """A code name as a folder may be called: letters, digits, hyphens; empty when nothing is left."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in str(words or "").lower())
    return "-".join(filter(None, kept.split("-")))[:40].rstrip("-")
