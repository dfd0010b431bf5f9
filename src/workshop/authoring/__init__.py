"""Texts in, notebooks out, and what is wrong with the texts."""
