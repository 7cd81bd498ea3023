"""Which functions and classes a pickle may name.

Unpickling imports every name and calls most of them, with arguments that the file chooses. So a
name is allowed only if calling it with anything at all does no harm beyond the object it makes;
a name is dangerous if it is known to run, load or reach something; every other one is unknown.
"""

from __future__ import annotations

import re

from registry.scanning.verdicts import Verdict


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BUILTINS = (
    "bool bytearray bytes complex dict float frozenset int list object range set slice str tuple"
    " Exception ValueError TypeError KeyError"
)
_TORCH_STORAGES = " ".join(
    f"{kind}Storage"
    for kind in _words(
        "BFloat16 Bool Byte Char ComplexDouble ComplexFloat Double Float Half Int Long QInt8"
        " QInt32 QUInt8 Short Untyped Typed"
    )
)
_TORCH_TYPES = (
    "Size Tensor device dtype float16 float32 float64 half float double bfloat16 int8 int16 int32"
    " int64 uint8 bool complex64 complex128 float8_e4m3fn float8_e5m2 qint8 quint8 qint32"
    " strided per_tensor_affine per_channel_affine"
)
_NUMPY_SCALARS = (
    "dtype ndarray bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64"
    " complex64 complex128 str_ bytes_ datetime64 timedelta64"
)
_CORE = "_reconstruct scalar"
ALLOWED: dict[str, str] = {
    "builtins": _BUILTINS,
    "__builtin__": _BUILTINS + " long unicode",
    "collections": "OrderedDict defaultdict deque Counter",
    "copyreg": "_reconstructor",
    "copy_reg": "_reconstructor",
    "_codecs": "encode",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "uuid": "UUID",
    "pathlib": "PurePath PurePosixPath PureWindowsPath PosixPath WindowsPath",
    "numpy": _NUMPY_SCALARS,
    "numpy.core.multiarray": _CORE,
    "numpy._core.multiarray": _CORE,
    "numpy.core.numeric": "_frombuffer",
    "numpy._core.numeric": "_frombuffer",
    "numpy.dtypes": " ".join(f"{kind}DType" for kind in _words("Float32 Float64 Int32 Int64 Bool")),
    "numpy.ma.core": "_mareconstruct MaskedArray",
    "numpy.random._pickle": "__randomstate_ctor __generator_ctor __bit_generator_ctor",
    "numpy.random._mt19937": "MT19937",
    "numpy.random._pcg64": "PCG64",
    "scipy.sparse._csr": "csr_matrix csr_array",
    "scipy.sparse._csc": "csc_matrix csc_array",
    "scipy.sparse._coo": "coo_matrix coo_array",
    "scipy.sparse.csr": "csr_matrix",
    "joblib.numpy_pickle": "NumpyArrayWrapper",
    "torch": f"{_TORCH_TYPES} {_TORCH_STORAGES}",
    "torch.storage": "TypedStorage UntypedStorage",
    "torch.nn.parameter": "Parameter Buffer",
    "torch.serialization": "_get_layout",
    "torch._utils": (
        "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter"
        " _rebuild_parameter_with_state _rebuild_sparse_tensor _rebuild_qtensor"
        " _rebuild_meta_tensor_no_storage _rebuild_wrapper_subclass"
    ),
}
_ALLOWED = {module: _words(names) for module, names in ALLOWED.items()}
# Classes of estimators and layers: they keep their arguments, and their state is data.
ALLOWED_CLASSES = (
    re.compile(r"torch\.nn\.modules\.[a-z_]+:[A-Z]\w*\Z"),
    re.compile(
        r"sklearn\.(linear_model|tree|ensemble|svm|naive_bayes|neighbors|cluster|decomposition"
        r"|preprocessing|feature_extraction|impute|discriminant_analysis|neural_network|isotonic"
        r"|calibration|mixture|feature_selection|multiclass|gaussian_process|covariance)"
        r"(\.[a-z_]+)*:[A-Z]\w*\Z"
    ),
    re.compile(
        r"sklearn\.(pipeline:(Pipeline|FeatureUnion)|compose\._column_transformer:[A-Z]\w*)\Z"
    ),
    re.compile(r"sklearn\.(_loss|metrics)(\.[a-z_]+)+:[A-Z]\w*\Z"),
)

_DANGEROUS_BUILTINS = _words(
    "eval exec execfile compile open file __import__ getattr setattr delattr globals"
    " locals vars input raw_input breakpoint apply type __build_class__ help exit quit"
    " reload"
)
# A module, with everything below it.
DANGEROUS = _words(
    "os posix nt ntpath posixpath subprocess _posixsubprocess sys importlib imp runpy"
    " shutil socket _socket socketserver ssl ctypes _ctypes cffi pty tty pickle _pickle"
    " cPickle dill cloudpickle marshal shelve types code codeop commands popen2"
    " webbrowser http httplib urllib urllib2 urllib3 requests aiohttp httpx ftplib"
    " smtplib telnetlib poplib imaplib nntplib xmlrpc xmlrpclib tempfile multiprocessing"
    " threading _thread thread concurrent asyncio signal operator _operator inspect pdb"
    " bdb timeit cProfile profile trace pip setuptools distutils _distutils_hack"
    " pkg_resources idlelib lib2to3 ensurepip venv zipimport pkgutil site sitecustomize"
    " platform pydoc doctest logging gc linecache faulthandler resource fcntl mmap select"
    " selectors glob fileinput io _io antigravity this test unittest pytest nose IPython"
    " jupyter_client torch.hub torch.utils torch._dynamo torch._inductor torch.jit"
    " torch.package torch.distributed torch.fx torch.testing torch.onnx torch.cuda"
    " torch.multiprocessing torch._jit_internal torch.library torch.ops numpy.testing"
    " numpy.f2py numpy.distutils numpy.lib numpy.compat joblib.memory joblib.parallel"
    " joblib.externals joblib._parallel_backends pandas.io pandas.eval scipy.io"
    " sklearn.datasets sklearn.externals tensorflow.io keras.utils jax.experimental"
    " keras.src.utils transformers.utils transformers.dynamic_module_utils"
    " huggingface_hub paramiko fabric sh plumbum pexpect psutil git docker kubernetes"
    " boto3 sqlite3 sqlalchemy yaml jinja2 mako django flask"
)
_DANGEROUS_NAMES = _words(
    "torch:load torch:save torch:compile torch.serialization:load"
    " torch.storage:_load_from_bytes numpy:load numpy:save numpy:savetxt numpy:fromfile"
    " numpy:memmap numpy:genfromtxt numpy:loadtxt numpy:vectorize numpy:frompyfunc"
    " numpy:apply_along_axis joblib:load joblib:dump joblib.numpy_pickle:load"
    " joblib.numpy_pickle:read_array joblib.numpy_pickle:NumpyUnpickler"
    " pandas:read_pickle pandas:eval pandas:read_csv copyreg:add_extension"
    " copyreg:dispatch_table codecs:open _codecs:lookup"
)


def judge(module: str, name: str) -> Verdict:
    """Return what naming ``name`` of ``module`` in a pickle means: never safe, at best allowed."""
    if name in _ALLOWED.get(module, ()):
        return Verdict.ALLOW_LISTED
    if _is_dangerous(module, name):
        return Verdict.DANGEROUS
    full = f"{module}:{name}"
    if any(pattern.match(full) for pattern in ALLOWED_CLASSES):
        return Verdict.ALLOW_LISTED
    return Verdict.UNKNOWN


def _is_dangerous(module: str, name: str) -> bool:
    """A dotted name walks over attributes: ``a.b`` of a harmless module may be ``os.system``."""
    if f"{module}:{name}" in _DANGEROUS_NAMES:
        return True
    if module in ("builtins", "__builtin__") and name.partition(".")[0] in _DANGEROUS_BUILTINS:
        return True
    walked, parts = name.split("."), module.split(".")
    if any(part.startswith("__") and part.endswith("__") for part in walked):
        return True
    above = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    return any(step in DANGEROUS for step in (*above, *walked[:-1]))
