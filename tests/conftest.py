"""What the tests of sketches and of the command line share."""

import gc
import os
import textwrap
from importlib.metadata import version

import pytest

from gradart.command.cli import main

# The tests compile thousands of small functions and run each a few times: the plainest code costs
# half as much as the fastest, and in one piece a fifth less than in several. A flag that XLA does
# not know ends the process, hence the versions; XLA_FLAGS= in the environment tests what users run.
# Not CPU_OPT_PRESET_FAST_COMPILE: with it jaxlib 0.12 computes wrong derivatives of an inverse.
PLAIN = (
    "--xla_backend_optimization_level=0 --xla_cpu_max_isa=AVX2"
    " --xla_cpu_parallel_codegen_split_count=1 --xla_llvm_disable_expensive_passes=true"
)
KNOWN = {"0.10": f"{PLAIN} --xla_cpu_use_fusion_emitters=false", "0.12": PLAIN}
if flags := KNOWN.get(".".join(version("jaxlib").split(".")[:2])):
    os.environ.setdefault("XLA_FLAGS", flags)
# Nor does a program remember the lines that it was traced from, which is a twentieth of the suite.
os.environ.setdefault("JAX_TRACEBACK_IN_LOCATIONS_LIMIT", "0")

# What is imported stays, and what tracing makes is freed by counting references: looking through
# all of it again and again for cycles is a tenth of the suite.
gc.collect()
gc.freeze()
gc.set_threshold(100_000, 50, 100)


def pytest_addoption(parser):
    parser.addoption("--golden", action="store_true", help="draw tests/golden anew")


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch):
    """The command line would turn on JAX's cache for the whole process."""
    monkeypatch.setenv("GRADART_CACHE", "")


@pytest.fixture(autouse=True)
def _no_workers(monkeypatch):
    """They cost seconds each; a test that is about them says --jobs."""
    monkeypatch.setattr("gradart.jobs.call_dispatch.cores", lambda: 1)


@pytest.fixture
def double():
    """Double precision; a module asks for it by `pytest.mark.usefixtures("double")`."""
    import jax  # which reads the variables above when it is imported

    with jax.enable_x64(True):
        yield


@pytest.fixture
def studio(tmp_path, monkeypatch):
    """An empty current folder, and a function that writes a sketch file into it."""
    monkeypatch.chdir(tmp_path)

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        header = "import jax\nimport jax.numpy as jnp\nimport gradart as ga\n"
        path.write_text(header + textwrap.dedent(text))
        return path

    return write


@pytest.fixture
def gradart(capsys):
    """A function that runs a command: its exit status, and the lines of stdout and stderr."""

    def run(*words):
        status = main([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out.splitlines(), said.err.splitlines()

    return run
