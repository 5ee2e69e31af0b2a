"""Does a Python function do what an Octave function does? Any function, value by value, and the name of its slip."""
