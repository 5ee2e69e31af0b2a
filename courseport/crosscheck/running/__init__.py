"""Running what is not trusted: in other processes, with limits, and with nothing left of it. Imports octave."""
