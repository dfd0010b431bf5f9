"""Questions as plain data, how they are read from Markdown, and how answers are graded. Imports `content` alone."""
