"""Images made small as the course's were: 28 x 28 bytes to 20 x 20 = 400 features."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from courseport import _checks
from courseport._checks import FloatArray

FEATURE_SIDE = 20  # the course's images are 20 x 20


def resize_matrix(n_out: int, n_in: int) -> FloatArray:
    """Return the matrix R that resizes a line of `n_in` pixels to `n_out` as MATLAB's ``imresize`` does.

    Bicubic: the kernel of R. G. Keys (IEEE Trans. ASSP 29, 1981) with a = -1/2, widened by ``n_in / n_out`` when the
    line gets shorter (antialiasing), the weights of each output pixel normalised to sum 1, and the border replicated.
    An image is resized on both sides: ``R_rows @ image @ R_columns.T``.

    Parameters
    ----------
    n_out, n_in : int
        Numbers of pixels, at least 1.

    Returns
    -------
    ndarray of float64, shape (n_out, n_in)
        The rows sum to 1.
    """
    n_out = _checks.whole_number("n_out", n_out, 1)
    n_in = _checks.whole_number("n_in", n_in, 1)
    scale = n_in / n_out
    width = max(scale, 1.0)
    centre = (np.arange(n_out) + 0.5) * scale - 0.5
    first = np.floor(centre - 2.0 * width).astype(np.intp)
    taps = first[:, None] + np.arange(int(np.ceil(4.0 * width)) + 2)
    weights = _keys_kernel((centre[:, None] - taps) / width)
    weights /= weights.sum(axis=1, keepdims=True)
    matrix = np.zeros((n_out, n_in))
    # Several taps fall on the same border pixel: add.at sums them, which is what replicating the border means.
    np.add.at(matrix, (np.arange(n_out)[:, None], np.clip(taps, 0, n_in - 1)), weights)
    return matrix


def _keys_kernel(x: FloatArray) -> FloatArray:
    """Return Keys' cubic kernel with a = -1/2; it is 0 from |x| = 2 on."""
    x = np.abs(x)
    inner = (1.5 * x - 2.5) * x * x + 1.0
    outer = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    return np.where(x <= 1.0, inner, np.where(x < 2.0, outer, 0.0))


def course_features(images: ArrayLike) -> FloatArray:
    """Return images of bytes as rows of the course's X: divided by 255, resized to 20 x 20, unrolled column by column.

    Parameters
    ----------
    images : array_like of uint8, shape (m, height, width)
        For example `load_digit_images` or MNIST rows as ``X.reshape(-1, 28, 28)``.

    Returns
    -------
    ndarray of float64, shape (m, 400)
        Bicubic interpolation overshoots: values lie a little outside 0 to 1.

    Raises
    ------
    ValueError, TypeError
        `images` has another shape or dtype.
    """
    array = np.asarray(images)
    if array.dtype != np.uint8:
        raise TypeError(f"images must be an array of uint8, got dtype {array.dtype}")
    if array.ndim != 3 or array.size == 0:
        _checks.fail("images", "have shape (m, height, width), none of them 0", array.shape)
    return _resize_and_unroll(array)


def _resize_and_unroll(images: NDArray[np.uint8]) -> FloatArray:
    m, height, width = images.shape
    rows, columns = resize_matrix(FEATURE_SIDE, height), resize_matrix(FEATURE_SIDE, width)
    # R @ image @ R.T as two products over all images at once; the swap between them makes the result column-major.
    narrow = (images.reshape(m * height, width) / 255.0) @ columns.T
    upright = narrow.reshape(m, height, FEATURE_SIDE).transpose(0, 2, 1).reshape(m * FEATURE_SIDE, height)
    return (upright @ rows.T).reshape(m, FEATURE_SIDE * FEATURE_SIDE)
