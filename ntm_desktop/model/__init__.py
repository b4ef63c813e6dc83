"""Types and pure rules of the domain. Imports nothing of the program but :mod:`ntm_desktop.errors`."""
