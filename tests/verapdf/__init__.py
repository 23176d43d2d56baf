"""veraPDF: judges whether a PDF keeps the standards that it claims."""
