"""The evidence folder: its value types, its layout, how it is written, sealed, read and verified."""
