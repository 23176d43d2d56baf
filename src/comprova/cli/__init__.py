"""The command line: one module per command family; the only place that prints, exits, or reads the clock."""
