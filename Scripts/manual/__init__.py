"""The manual: the tool's own definitions as pages for `man` and for a browser."""
