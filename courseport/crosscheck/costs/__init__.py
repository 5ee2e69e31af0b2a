"""Is this cost function right? Comparison with ours on many cases, and the name of its mistake."""
