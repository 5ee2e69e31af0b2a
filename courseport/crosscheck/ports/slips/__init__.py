"""The slips of ports: what is usually written wrong between Octave and NumPy, and how it is found by its numbers."""

from courseport.crosscheck.ports.slips.naming import RunMutants, name_slips, octave_runner
from courseport.crosscheck.ports.slips.slip import NamedSlip, Slip
from courseport.crosscheck.ports.slips.table import SLIPS

__all__ = ["SLIPS", "NamedSlip", "RunMutants", "Slip", "name_slips", "octave_runner"]
