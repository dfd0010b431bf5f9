"""What answers say about questions and learning: tables, a page, a notebook."""
