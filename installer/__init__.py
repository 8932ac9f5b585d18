"""Loading dock: everything between the source tree and a machine that runs it."""
