"""The slips of ports from Octave and MATLAB to NumPy: a record each."""

from __future__ import annotations

from courseport.crosscheck.ports.slips import by_outputs, edits
from courseport.crosscheck.ports.slips.slip import Slip

_INTEGERS = "int8 int16 int32 int64 uint8 uint16 uint32 uint64"
_ENTRYWISE = "+ - .* ./ .^ < <= > >= == != ~="
_ALONG = "sum prod mean median mode std var max min any all range iqr sumsq meansq"
_ALONG_ALL = f"{_ALONG} cumsum cumprod cummax cummin sort diff fft ifft quantile prctile trapz cumtrapz circshift"

ORDER = (
    Slip(
        "transposed",
        "The output is transposed.",
        "Return its transpose, out.T.",
        outputs=(by_outputs.transposed,),
    ),
    Slip(
        "conjugate-transpose",
        "Complex numbers are conjugated where Octave does not, or the other way: ' conjugates, .' and .T do not.",
        "Write A.conj().T for A' and A.T for A.'; np.vdot conjugates as dot does.",
        source=(
            edits.other_transpose,
            {"ctranspose": "x.'", "transpose": "x'"},
            {"dot": "sum (x .* y, in{3:end})"},
            {"conj": "x"},
        ),
        outputs=(by_outputs.conjugated,),
    ),
    Slip(
        "transpose-left-out",
        "A transpose is left out, or does nothing: .T leaves an (n,) array as it is.",
        "Write A.T, and for a vector v[:, None] or v[None, :].",
        source=(edits.no_transpose, {"transpose ctranspose": "x"}),
    ),
    Slip(
        "row-major",
        "Entries are taken row by row, where Octave goes column by column.",
        "Say order='F' to ravel, reshape, ravel_multi_index and unravel_index; use A.T for masks and np.nonzero.",
        source=(edits.by_rows, edits.flattened_by_rows, edits.indexed_by_rows),
        outputs=(by_outputs.filled_by_rows, by_outputs.read_by_rows),
    ),
    Slip(
        "index-one-off",
        "An index is one off: counted from 0 where Octave counts from 1, or not moved from 1 to 0.",
        "Add 1 to an index that is returned, take 1 from one that comes in, and nothing from one NumPy found.",
        source=(
            {
                "find strfind lookup sub2ind index rindex": "feval (f, in{:}) - 1",
                "max min sort sortrows cummax cummin ismember histc": "[out{:}] = feval (f, in{:}); "
                "if (numel (out) > 1), out{2} -= 1; end",
                "unique intersect setdiff ind2sub": "[out{:}] = feval (f, in{:}); "
                "for k = (1 + ! strcmp (f, 'ind2sub')):numel (out), out{k} -= 1; end",
            },
            edits.shifted_indices(1),
            edits.shifted_indices(-1),
        ),
    ),
    Slip(
        "range-end",
        "The last value of a range is left out: a:b and linspace end at b.",
        "Write np.arange(a, b + 1) for a:b, range(1, n + 1) for 1:n, and np.linspace with its endpoint.",
        source=(
            edits.ranges("", "-S"),
            {"linspace": "linspace (x, y, [in{3:end}, 100](1) + 1)(:, 1:end-1)"},
            {"logspace": "logspace (x, y, [in{3:end}, 50](1) + 1)(1:end-1)"},
        ),
    ),
    Slip(
        "range-too-long",
        "A range has one value too many, beyond its end.",
        "End np.arange half a step after b: np.arange(a, b + step / 2, step).",
        source=(edits.ranges("", "+S"),),
    ),
    Slip(
        "range-one-off",
        "A range begins one off: at 0 for 1, or its first value is skipped.",
        "Write range(1, n + 1) for the values 1:n, and x[a - 1:b] for x(a:b).",
        source=(edits.ranges("-1", "-1"), edits.ranges("+1", ""), edits.ranges("-1", ""), edits.ranges("+1", "+1")),
    ),
    Slip(
        "linspace-count",
        "linspace has 50 points, NumPy's default, where Octave's is 100.",
        "Say how many: np.linspace(a, b, 100).",
        source=({"linspace": "linspace (x, y, [in{3:end}, 50](1))"},),
    ),
    Slip(
        "ndgrid-for-meshgrid",
        "The grids are those of ndgrid: the first input goes along the rows' direction, not along the columns'.",
        "np.meshgrid(x, y) is Octave's meshgrid; leave indexing='ij' out.",
        source=({"meshgrid": "[out{:}] = ndgrid (in{:})"},),
    ),
    Slip(
        "meshgrid-for-ndgrid",
        "The grids are those of meshgrid: the first two dimensions are exchanged.",
        "Write np.meshgrid(x, y, indexing='ij') for ndgrid.",
        source=({"ndgrid": "[out{:}] = meshgrid (in{:})"},),
    ),
)

PRODUCTS = (
    Slip(
        "elementwise-product",
        "Matrices are multiplied entry by entry: * is not Octave's matrix product.",
        "Write A @ B for A * B, and np.linalg.matrix_power(A, n) for A ^ n.",
        source=(
            {"* mtimes": "x .* y", "^ mpower": "x .^ y"},
            *({"* mtimes": f"courseport_flat ('{how}', 'times', x, y)"} for how in ("right", "left", "both")),
        ),
    ),
    Slip(
        "matrix-product",
        "Arrays are multiplied as matrices, where Octave goes entry by entry.",
        "Write A * B for A .* B, and A ** n for A .^ n; np.dot and @ are matrix products.",
        source=(
            {".* times": "x * y", ".^ power": "x ^ y"},
            {".* times": "if (isvector (x) && isvector (y)), out{1} = x(:).' * y(:); else, out{1} = x * y; end"},
        ),
    ),
    Slip(
        "inner-for-outer",
        "Two vectors give their inner product, a number, where Octave gives the outer one: (n,) @ (n,) is a number.",
        "Write np.outer(x, y).",
        source=({"*": "if (iscolumn (x) && isrow (y)), out{1} = x.' * y.'; else, out{1} = x * y; end"},),
    ),
    Slip(
        "outer-for-inner",
        "Two vectors give their outer product, a matrix, where Octave gives the inner one.",
        "Write x @ y.",
        source=({"*": "if (isrow (x) && iscolumn (y)), out{1} = x.' * y.'; else, out{1} = x * y; end"},),
    ),
    Slip(
        "exchanged-division",
        "The two sides of a division are exchanged, or / stands for \\: A \\ b solves A x = b, b / A solves x A = b.",
        "Write np.linalg.solve(A, b) for A \\ b, and np.linalg.solve(A.T, b.T).T for b / A.",
        source=(
            {"\\": "x / y"},
            {"\\": "y / x"},
            {"\\": "y \\ x"},
            {"/ ./": "feval (f, y, x)"},
            {"/": "x \\ y"},
            {"/": "y \\ x"},
        ),
    ),
    Slip(
        "elementwise-division",
        "A division of matrices is done entry by entry.",
        "Write np.linalg.solve or np.linalg.lstsq for A \\ b; / divides entry by entry.",
        source=(
            {"/": "x ./ y"},
            {"\\": "y ./ x"},
            {"\\": "x ./ y"},
            {"\\": "courseport_flat ('left', 'rdivide', y, x)"},
            {"\\": "courseport_flat ('right', 'rdivide', x, y)"},
        ),
    ),
    Slip(
        "flat-vector",
        "An (n,) array stands for a column: it meets an (n, 1) or a matrix as a row, or another (n,) entry by entry.",
        "Keep columns as (n, 1): x[:, None], or keepdims=True in sum, mean and the like.",
        source=(
            {_ENTRYWISE: "courseport_flat ('right', f, x, y)"},
            {_ENTRYWISE: "courseport_flat ('left', f, x, y)"},
            {_ENTRYWISE: "courseport_flat ('both', f, x, y)"},
            {
                _ENTRYWISE: "courseport_flat ('right', f, x, y)",
                f"& {_ALONG}": "courseport_along ('all', f, in{:})",
            },
            {
                _ENTRYWISE: "courseport_flat ('left', f, x, y)",
                f"& {_ALONG}": "courseport_along ('all', f, in{:})",
            },
        ),
    ),
    Slip(
        "elementwise-matrix-function",
        "A function of a matrix is applied to each entry.",
        "Use scipy.linalg.expm, logm and sqrtm, and np.linalg.inv.",
        source=({"expm": "exp (x)", "logm": "log (x)", "sqrtm": "sqrt (x)", "inv pinv": "1 ./ x"},),
    ),
    Slip(
        "dot-as-product",
        "dot is the matrix product of two matrices, where Octave's goes along columns.",
        "Write np.sum(A.conj() * B, axis=0).",
        source=({"dot": "x * y"}, {"dot": "x' * y"}),
    ),
    Slip(
        "kron-exchanged",
        "The two sides of a Kronecker product are exchanged.",
        "np.kron(A, B) is kron(A, B).",
        source=({"kron": "kron (y, x)"},),
    ),
    Slip(
        "frobenius-norm",
        "The norm of a matrix is the Frobenius norm, NumPy's default, where Octave's is the largest singular value.",
        "Write np.linalg.norm(A, 2).",
        source=({"norm": "norm (x, 'fro', in{3:end})"},),
    ),
    Slip(
        "svd-transposed",
        "V of the singular value decomposition is transposed: np.linalg.svd returns V'.",
        "Write U, s, Vh = np.linalg.svd(A); V = Vh.conj().T.",
        source=({"svd": "[out{:}] = svd (in{:}); if (numel (out) > 2), out{3} = out{3}'; end"},),
    ),
    Slip(
        "lower-cholesky",
        "The Cholesky factor is the lower one: np.linalg.cholesky returns L, Octave R = L'.",
        "Write np.linalg.cholesky(A).conj().T.",
        source=({"chol": "[out{:}] = chol (in{:}); out{1} = out{1}'"},),
    ),
    Slip(
        "eigenvalues-descending",
        "Eigenvalues or eigenvectors stand in the opposite order.",
        "np.linalg.eigh sorts upwards, as eig does for a symmetric matrix.",
        source=(
            {
                "eig": "[out{:}] = eig (in{:}); if (numel (out) < 2), out{1} = flip (out{1}); "
                "else, out{1} = fliplr (out{1}); out{2} = rot90 (out{2}, 2); end"
            },
        ),
    ),
)

STATISTICS = (
    Slip(
        "population-std",
        "std, var or cov divides by n, NumPy's default, not by n - 1.",
        "Pass ddof=1 to np.std and np.var, and leave bias=True and ddof=0 out of np.cov.",
        source=(
            {
                "std var": "feval (f, x, 1, in{3:end})",
                "cov": "if (numel (in) > 1 && ! isscalar (y)), out{1} = cov (x, y, 1); else, out{1} = cov (x, 1); end",
            },
        ),
    ),
    Slip(
        "sample-std",
        "std, var or cov divides by n - 1, where the Octave code asks for n.",
        "Pass ddof=0.",
        source=(
            {
                "std var": "feval (f, x, 0, in{3:end})",
                "cov": "if (numel (in) > 1 && ! isscalar (y)), out{1} = cov (x, y); else, out{1} = cov (x); end",
            },
        ),
    ),
    Slip(
        "other-dimension",
        "It goes along the other dimension.",
        "Octave goes along the first dimension that is not 1; axis=0 is dimension 1, axis=1 is dimension 2.",
        source=tuple(
            {_ALONG_ALL: f"[out{{:}}] = courseport_along ('{how}', f, in{{:}})"} for how in ("other", "across")
        ),
    ),
    Slip(
        "over-everything",
        "It goes over all entries, NumPy's default, where Octave goes along one dimension.",
        "Say axis=0, or the axis of the first dimension that is not 1.",
        source=({_ALONG_ALL: "[out{:}] = courseport_along ('all', f, in{:})"},),
    ),
    Slip(
        "always-first-dimension",
        "It goes along axis 0 of a row too, where Octave goes along the row.",
        "Take the first axis whose length is not 1.",
        source=({_ALONG_ALL: "[out{:}] = courseport_along ('first', f, in{:})"},),
    ),
    Slip(
        "one-dimension",
        "It goes along one dimension, where the Octave code goes over all entries.",
        "Leave axis out.",
        source=(edits.not_flattened,),
    ),
    Slip(
        "rows-as-variables",
        "The rows are the variables, NumPy's default, where Octave's are the columns.",
        "Pass rowvar=False to np.cov and np.corrcoef.",
        source=(
            {
                "cov corrcoef corr": "if (numel (in) > 1 && ! isscalar (y)), out{1} = feval (f, x.', y.', in{3:end}); "
                "else, out{1} = feval (f, x.', in{2:end}); end"
            },
        ),
    ),
    Slip(
        "median-of-two",
        "The median of an even count is one of the two in the middle, not their mean.",
        "Use np.median.",
        source=({"median": "courseport_middle (false, in{:})"}, {"median": "courseport_middle (true, in{:})"}),
    ),
    Slip(
        "linear-quantile",
        "Quantiles are NumPy's linear ones; Octave's quantile and prctile use method 5, (i - 0.5) / n.",
        "Pass method='hazen' to np.quantile and np.percentile.",
        source=({"quantile prctile iqr": "courseport_quantile (f, in{:})"},),
    ),
    Slip(
        "sum-for-mean",
        "A sum stands for a mean: it is not divided by n.",
        "Use np.mean.",
        source=({"mean": "sum (x, in{2:end})", "meansq": "sumsq (in{:})"},),
    ),
    Slip(
        "mean-for-sum",
        "A mean stands for a sum: it is divided by n.",
        "Use np.sum.",
        source=({"sum": "mean (x, in{2:end})", "sumsq": "meansq (in{:})"},),
    ),
    Slip(
        "std-for-var",
        "A standard deviation stands for a variance, or a variance for a standard deviation.",
        "Use np.var for var and np.std for std, both with ddof=1.",
        source=({"var": "std (in{:})", "std": "var (in{:})"},),
    ),
    Slip(
        "excess-kurtosis",
        "The kurtosis is less by 3: scipy.stats.kurtosis returns the excess.",
        "Pass fisher=False.",
        source=({"kurtosis": "kurtosis (in{:}) - 3"},),
    ),
    Slip(
        "histogram-edges",
        "The last edge belongs to the last bin, as in np.histogram; histc has a count of its own for it.",
        "Append the count of values equal to the last edge, and take it from the bin before.",
        source=({"histc": "[out{:}] = courseport_histc (in{:})"},),
    ),
)

EXTREMES = (
    Slip(
        "nan-in-extremes",
        "max or min is NaN where there is a NaN; Octave leaves NaN out.",
        "Use np.nanmax and np.nanmin, or np.fmax and np.fmin.",
        source=({"max min": "[out{:}] = courseport_extreme ('nan', f, in{:})"},),
    ),
    Slip(
        "nan-left-out",
        "NaN is left out, where Octave gives NaN.",
        "Use np.mean, np.sum and the like in place of np.nanmean and np.nansum.",
        source=({"sum prod mean median std var": "courseport_without_nan (f, in{:})"},),
    ),
    Slip(
        "nan-kept",
        "NaN is not left out.",
        "Use np.nanmax, np.nanmean, np.nansum and the like.",
        source=(
            {f"nan{name}": f"[out{{:}}] = {name} (in{{:}})" for name in ["sum", "mean", "median", "std", "var"]}
            | {f"nan{name}": f"[out{{:}}] = courseport_extreme ('nan', '{name}', in{{:}})" for name in ("max", "min")},
        ),
    ),
    Slip(
        "sort-nan",
        "NaN is sorted to the other end: Octave puts it last upwards, and first downwards.",
        "Sort downwards by np.sort(x)[::-1], not by -np.sort(-x).",
        source=({"sort": "[out{:}] = courseport_sort ('nan', in{:})"},),
    ),
    Slip(
        "ties",
        "Equal values stand in the opposite order, or the last of them is taken for the first.",
        "Use kind='stable', and sort downwards by np.argsort(-x, kind='stable').",
        source=(
            {"sort": "[out{:}] = courseport_sort ('ties', in{:})"},
            {"max min": "[out{:}] = courseport_extreme ('last', f, in{:})"},
        ),
    ),
    Slip(
        "sort-direction",
        "It is sorted in the other direction.",
        "np.sort goes upwards; turn it round for 'descend'.",
        source=({"sort": "[out{:}] = courseport_sort ('direction', in{:})"},),
    ),
    Slip(
        "complex-order",
        "Complex numbers are ordered by their real parts, where Octave takes the absolute values.",
        "Sort by np.abs, then by np.angle.",
        source=(
            {
                "sort": "[out{:}] = courseport_sort ('complex', in{:})",
                "max min": "[out{:}] = courseport_extreme ('complex', f, in{:})",
            },
        ),
    ),
    Slip(
        "unique-last-index",
        "unique tells the last index of equal values, where Octave tells the first.",
        "np.unique(x, return_index=True) gives the first.",
        source=({"unique": "[out{:}] = unique (in{:}, 'last')"},),
    ),
    Slip(
        "unique-nan",
        "unique holds one NaN, as NumPy's does; in Octave each NaN is another value.",
        "Pass equal_nan=False.",
        source=({"unique": "[out{:}] = courseport_unique ('nan', in{:})"},),
    ),
    Slip(
        "unique-in-order",
        "The unique values stand as they come, not sorted.",
        "Use np.unique, or sort what pandas.unique or dict.fromkeys gives.",
        source=({"unique": "[out{:}] = courseport_unique ('order', in{:})"},),
    ),
)

ROUNDING = (
    Slip(
        "round-half-even",
        "Halves are rounded to the even neighbour; Octave's round goes away from 0.",
        "Write np.sign(x) * np.floor(np.abs(x) + 0.5).",
        source=({"round": "courseport_half_even (x)", _INTEGERS: "feval (f, courseport_half_even (double (x)))"},),
    ),
    Slip(
        "round-half-up",
        "Halves are rounded up; Octave's round takes those below 0 down.",
        "Write np.sign(x) * np.floor(np.abs(x) + 0.5).",
        source=({"round": "floor (x + 0.5)"},),
    ),
    Slip(
        "cut-for-round",
        "The fraction is cut off, where Octave rounds: int() and astype cut.",
        "Round first, halves away from 0.",
        source=({"round": "fix (x)", _INTEGERS: "feval (f, fix (double (x)))"}, {"round": "floor (x)"}),
    ),
    Slip(
        "fix-for-floor",
        "Negative numbers are rounded towards 0, not down: int() and np.trunc do so.",
        "Use np.floor.",
        source=({"floor": "fix (x)"},),
    ),
    Slip(
        "floor-for-fix",
        "Negative numbers are rounded down, not towards 0: np.floor and // do so.",
        "Use np.trunc, or np.fix.",
        source=(
            {"fix": "floor (x)", "idivide": "if (numel (in) < 3), in{3} = 'floor'; end; out{1} = idivide (in{:})"},
        ),
    ),
    Slip(
        "rem-for-mod",
        "The remainder has the sign of the dividend: np.fmod and math.fmod are rem, not mod.",
        "Use np.mod, or %.",
        source=({"mod": "rem (in{:})"},),
    ),
    Slip(
        "mod-for-rem",
        "The remainder has the sign of the divisor: % and np.mod are mod, not rem.",
        "Use np.fmod.",
        source=({"rem": "mod (in{:})"},),
    ),
    Slip(
        "mod-by-zero",
        "The remainder of a division by 0 is NaN, as in NumPy; Octave's mod(x, 0) is x.",
        "Write np.where(y == 0, x, np.mod(x, y)).",
        source=({"mod rem": "r = feval (f, in{:}); r(y + zeros (size (r)) == 0) = NaN; out{1} = r"},),
    ),
    Slip(
        "integer-wrap",
        "Integers wrap around at the end of their class; Octave's stop there.",
        "Compute in float64, clip with np.clip to np.iinfo, round, and convert then.",
        source=tuple(
            {
                _INTEGERS: f"courseport_integers ('{how}', f, in{{:}})",
                "+ - .* * .^ ^ abs": f"courseport_integers ('{how}', f, in{{:}})",
            }
            for how in ("wrap", "cut")
        ),
    ),
    Slip(
        "integer-without-limits",
        "Integers go beyond the end of their class; Octave's stop there.",
        "Clip with np.clip to np.iinfo.",
        source=(
            {
                _INTEGERS: "courseport_integers ('free', f, in{:})",
                "+ - .* * .^ ^ abs": "courseport_integers ('free', f, in{:})",
            },
        ),
    ),
    Slip(
        "integer-division",
        "A quotient is rounded down, cut off or left as it is, where Octave's / rounds integers to the nearest.",
        "Divide as float64 and round, halves away from 0; // rounds down.",
        source=(
            *(
                {
                    "/ ./ idivide": f"if (strcmp (f, 'idivide')), f = 'rdivide'; end; "
                    f"out{{1}} = courseport_integers ('{how}', f, in{{1:2}})"
                }
                for how in ("floor", "fix", "true")
            ),
            {"/ ./": "floor (feval (f, x, y))"},
            {"/ ./": "fix (feval (f, x, y))"},
        ),
    ),
)

FUNCTIONS = (
    Slip(
        "natural-log",
        "The logarithm is the natural one, where Octave takes log10 or log2.",
        "Use np.log10 or np.log2.",
        source=({"log10 log2": "log (x)"},),
    ),
    Slip(
        "log10-for-log",
        "The logarithm is log10, where Octave takes another one.",
        "Use np.log for log, np.log2 for log2.",
        source=({"log log2": "log10 (x)"},),
    ),
    Slip(
        "log2-for-log",
        "The logarithm is log2, where Octave takes another one.",
        "Use np.log for log, np.log10 for log10.",
        source=({"log log10": "log2 (x)"},),
    ),
    Slip(
        "radians-for-degrees",
        "Angles are in radians, where Octave has degrees: a conversion is left out.",
        "Use np.deg2rad on what goes into sin, cos and tan, and np.rad2deg on what comes from arctan2 and the like.",
        source=(
            {
                **{f"{name}d": f"{name} (in{{:}})" for name in ("sin", "cos", "tan", "asin", "acos", "atan")},
                "deg2rad rad2deg": "x",
            },
            edits.no_degrees,
        ),
    ),
    Slip(
        "degrees-for-radians",
        "Angles are in degrees, where Octave has radians.",
        "Leave np.rad2deg and np.deg2rad out.",
        source=(
            {"asin acos atan atan2 angle arg": "feval (f, in{:}) * 180 / pi"},
            {"sin cos tan": "feval (f, x * pi / 180)"},
        ),
    ),
    Slip(
        "atan2-exchanged",
        "The two arguments of atan2 are exchanged.",
        "np.arctan2(y, x) takes y first, as atan2 does.",
        source=({"atan2": "atan2 (y, x)"},),
    ),
    Slip(
        "atan-for-atan2",
        "arctan(y / x) stands for atan2(y, x): the quadrant is lost.",
        "Use np.arctan2(y, x).",
        source=({"atan2": "atan (x ./ y)"}, {"angle arg": "atan (imag (x) ./ real (x))"}),
    ),
    Slip(
        "nan-for-complex",
        "The result is NaN where Octave's is complex: NumPy's sqrt, log and ** stay real.",
        "Use np.emath, or make the argument complex.",
        source=(
            {
                "sqrt log log2 log10 acos asin acosh atanh log1p .^ ^ power": "courseport_real (f, in{:})",
            },
        ),
    ),
    Slip(
        "imaginary-part-lost",
        "The imaginary part is lost: assigning to a real array, or float, drops it.",
        "Make the array complex.",
        outputs=(by_outputs.real_part,),
    ),
    Slip(
        "fft-scaling",
        "A Fourier transform is scaled otherwise: divided by n, or by its root, where Octave's fft is not.",
        "np.fft.fft and ifft with their default norm are Octave's.",
        source=tuple(
            {
                "fft fft2 fftn": f"courseport_fft ({-power}, f, in{{:}})",
                "ifft ifft2 ifftn": f"courseport_fft ({power}, f, in{{:}})",
            }
            for power in (1, 0.5, -1, -0.5)
        ),
    ),
    Slip(
        "fft-direction",
        "The Fourier transform goes the other way: its exponent has the other sign.",
        "np.fft.fft is fft, np.fft.ifft is ifft.",
        source=(
            {
                "fft fft2 fftn ifft ifft2 ifftn": "conj (feval (f, conj (x), in{2:end}))",
            },
        ),
    ),
    Slip(
        "fftshift-exchanged",
        "fftshift and ifftshift are exchanged: they differ where the count is odd.",
        "np.fft.fftshift is fftshift, np.fft.ifftshift is ifftshift.",
        source=({"fftshift": "ifftshift (in{:})", "ifftshift": "fftshift (in{:})"},),
    ),
    Slip(
        "interpolation-held",
        "Outside of its points the interpolation holds the end values, as np.interp does; Octave's interp1 gives NA.",
        "Pass left=np.nan, right=np.nan to np.interp.",
        source=({"interp1": "courseport_interp ('hold', in{:})"},),
    ),
    Slip(
        "extrapolated",
        "Outside of its points the interpolation goes on; Octave's interp1 gives NA.",
        "Leave fill_value='extrapolate' out.",
        source=({"interp1": "courseport_interp ('line', in{:})"},),
    ),
    Slip(
        "polynomial-order",
        "The coefficients of a polynomial stand in the opposite order: numpy.polynomial begins with the constant.",
        "Use np.polyfit and np.polyval, or turn the coefficients round.",
        source=(
            {
                "polyfit": "[out{:}] = polyfit (in{:}); out{1} = fliplr (out{1})",
                "poly polyder polyint": "flip (feval (f, in{:}))",
            },
            {"polyval": "polyval (flip (x), in{2:end})", "roots polyder polyint": "feval (f, flip (x), in{2:end})"},
        ),
    ),
    Slip(
        "trapz-exchanged",
        "The two arguments of trapz are exchanged: NumPy takes y first.",
        "Write np.trapezoid(y, x).",
        source=({"trapz cumtrapz": "if (numel (in) > 1), in(1:2) = in([2, 1]); end; out{1} = feval (f, in{:})"},),
    ),
    Slip(
        "conv-same",
        "The middle part of a convolution is as long as the longer one, and begins as np.convolve has it.",
        "Cut np.convolve(a, b) from ceil((len(b) - 1) / 2), len(a) values.",
        source=({"conv": "courseport_same (in{:})"},),
    ),
    Slip(
        "periodic-window",
        "The window is periodic, scipy.signal's default; Octave's is symmetric.",
        "Use np.hanning, np.hamming and np.blackman, or pass sym=True.",
        source=({"hanning hamming blackman": "feval (f, x, 'periodic')"},),
    ),
    Slip(
        "window-without-ends",
        "The window leaves its zeros out, as MATLAB's hanning does; Octave's has them.",
        "Use np.hanning.",
        source=({"hanning": "hanning (x + 2)(2:end-1)"},),
    ),
    Slip(
        "roll-flattened",
        "A shift goes through the flattened array, NumPy's default.",
        "Say axis=0 to np.roll.",
        source=({"circshift": "reshape (circshift (courseport_rows (x)(:), y), flip (size (x))).'"},),
    ),
    Slip(
        "shift-direction",
        "A shift goes the other way.",
        "np.roll(x, n, axis=0) is circshift(x, n).",
        source=({"circshift": "circshift (x, -y, in{3:end})"},),
    ),
    Slip(
        "len-for-size",
        "len is the number of rows; length is the longest dimension, and numel the number of entries.",
        "Use max(x.shape) for length, x.size for numel.",
        source=({"length numel": "rows (x)"}, {"length": "numel (x)", "numel": "length (x)"}),
    ),
    Slip(
        "tile-along-columns",
        "repmat(A, n) is repeated along columns only, or each entry is repeated, not the whole.",
        "Write np.tile(A, (n, n)).",
        source=(
            {"repmat": "if (numel (in) == 2 && isscalar (y)), in = {x, 1, y}; end; out{1} = repmat (in{:})"},
            {"repmat": "n = [in{2:end}]; n(end+1:2) = n(end); out{1} = kron (x, ones (n))"},
        ),
    ),
    Slip(
        "vector-for-square",
        "zeros(n) or ones(n) is a vector; Octave's is n x n.",
        "Write np.zeros((n, n)).",
        source=(
            {"zeros ones": "if (numel (in) == 1 && isscalar (x)), in{1} = [1, x]; end; out{1} = feval (f, in{:})"},
        ),
    ),
    Slip(
        "flipped-otherwise",
        "It is flipped along the other dimension, turned the other way, or the other triangle is taken.",
        "np.fliplr, np.flipud, np.rot90, np.triu and np.tril are Octave's.",
        source=(
            {
                "fliplr": "flipud (x)",
                "flipud": "fliplr (x)",
                "flip": "flip (x, 2)",
                "triu": "tril (in{:})",
                "tril": "triu (in{:})",
                "rot90": "rot90 (x, -[in{2:end}, 1](1))",
            },
        ),
    ),
    Slip(
        "datenum-epoch",
        "Days are 366 less: date.toordinal() counts from year 1, datenum from year 0.",
        "Add 366.",
        source=(
            {
                "datenum": "datenum (in{:}) - 366",
                "now": "now () - 366",
                "datestr datevec": "feval (f, x + 366, in{2:end})",
            },
        ),
    ),
    Slip(
        "blanks-stripped",
        "Blanks at the ends of a text are kept or stripped, where Octave does otherwise.",
        "str.strip() is strtrim, str.rstrip() is deblank.",
        source=({"strtrim deblank": "x"}, {"deblank": "strtrim (x)"}, {"strtrim": "deblank (x)"}),
        outputs=(lambda value: value.strip() if isinstance(value, str) else value,),
    ),
)

FLOAT32 = Slip(
    "float32",
    "The numbers are of single precision: the data, or the result, went through float32.",
    "Use float64: dtype=np.float64 where arrays are made and files are read.",
)
# What only describes the output: told where nothing else explains it.
REVERSED_ORDER = Slip(
    "reversed-order",
    "The entries of the output stand in the opposite order.",
    "Turn it round: out[::-1].",
    outputs=(by_outputs.rows_reversed, by_outputs.columns_reversed),
)
OUTPUTS_EXCHANGED = Slip(
    "outputs-exchanged",
    "The output is another one of Octave's outputs.",
    "Return the outputs in Octave's order.",
)
SLIPS: tuple[Slip, ...] = (*ORDER, *PRODUCTS, *STATISTICS, *EXTREMES, *ROUNDING, *FUNCTIONS)
