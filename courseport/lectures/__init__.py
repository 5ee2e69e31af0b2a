"""What the lectures show and nothing else imports: circuit, W and b, symmetry, the hand-made beginnings."""

from courseport.lectures import beginnings, circuit
from courseport.lectures.deep_notation import thetas_to_wb, wb_to_thetas

__all__ = ["beginnings", "circuit", "thetas_to_wb", "wb_to_thetas"]
