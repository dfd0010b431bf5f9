"""Trees of text as HTML, PDF and DOCX, and how figures look."""
