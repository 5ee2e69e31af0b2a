"""The network in other ecosystems, each loaded at its use: scikit-learn, Dask, ONNX. Imports `cost` and `training`."""
