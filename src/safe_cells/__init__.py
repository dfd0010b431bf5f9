"""Running code of people one does not know: kernels in a jail, tests outside it."""
