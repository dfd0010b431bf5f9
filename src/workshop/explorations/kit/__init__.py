"""What explorations are made of: controls, and what ties them to a figure."""
