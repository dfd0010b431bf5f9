"""One's own architecture as data, what can be seen in it, the canvases that show it, and the plan made from it."""
