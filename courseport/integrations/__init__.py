"""The network in other ecosystems: scikit-learn, Dask, ONNX, each loaded at its use. Imports `cost` and `training`."""
