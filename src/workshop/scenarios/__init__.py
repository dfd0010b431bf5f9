"""Scenarios as plain data: reading, playing, walking every play, checking, looking back. Imports `content` and `questions`."""
