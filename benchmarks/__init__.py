"""How fast the cost function is: against its peers, and against the bare matrix products. See README.md."""
