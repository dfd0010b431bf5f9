"""Results as CSV, and as Moodle and Canvas take them."""
