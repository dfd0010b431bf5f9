"""What the cells of a built notebook call."""
