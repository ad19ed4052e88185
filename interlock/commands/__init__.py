"""The verbs of the command line, one module each.

A verb has a `SUMMARY`, `add_arguments(parser)` and `run(arguments)`, which returns the exit code:
0 done, 1 a negative finding, 2 bad input. `interlock.__main__` lists them.
"""
