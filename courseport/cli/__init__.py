"""The command line, the only part of the package that prints: one module per command, gathered in `app`."""
