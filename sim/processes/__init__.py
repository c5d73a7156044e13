"""The equations, one process a file: plain functions on arrays, compiled, with every argument explicit."""
