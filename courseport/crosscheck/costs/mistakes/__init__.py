"""The known mistakes of each kind of cost function, with the formulas that they change."""
