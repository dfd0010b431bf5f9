"""Text and tables as people wrote them, read without knowing what they will become. Imports nothing of the kit."""
