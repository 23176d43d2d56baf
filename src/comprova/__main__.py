"""`python -m comprova` is the command `comprova`."""

from comprova.cli.app import main

main()
