"""The command `lianxin`: one file per command, named after it, with `add_arguments` and `run`."""
