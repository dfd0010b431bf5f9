"""The command `workshop`."""
