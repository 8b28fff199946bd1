"""Every primitive of the installed JAX, and tables of their names.

`name<0.11` in a table is a primitive that JAX had until 0.10, `name>=0.11` one that it has since.
"""

import contextlib
import functools
import gc
import importlib
import pkgutil
import re
import sys

import jax
import jax._src
import jax.extend.core

INSTALLED = jax.__version_info__[:2]

# What reads or writes a reference, whose value changes from line to line.
REFERENCES = """
    accum_grad_in_ref addupdate box_get<0.11 box_set<0.11 broadcast_to create_linear empty_ref
    free_ref freeze get get_global>=0.12 log_extend<0.11 log_read<0.11 masked_load masked_swap
    new_box<0.11 new_log<0.11 new_ref pin run_state swap unpin
"""

# Whole packages of JAX: what they have stands inside of kernels, or calls one, written by hand; or
# is of arrays that lie on several machines, and is there once anything has imported that module.
APART = (
    *("jax._src.cudnn", "jax._src.pallas", "jax._src.thunky", "jax._src.tpu_custom_call"),
    *("jax.experimental.mosaic", "jax.experimental.multihost_utils"),
)


def names(table):
    """The primitives of a table that the installed JAX has."""
    found = set()
    for entry in table.split():
        name, *bounds = re.split(r"(<|>=)", entry)
        versions = [tuple(map(int, v.split("."))) for v in bounds[1::2]]
        pairs = zip(bounds[::2], versions, strict=True)
        if all((sign == "<") == (v > INSTALLED) for sign, v in pairs):
            found.add(name)
    return found


@functools.cache
def primitives():
    """Every primitive of the installed JAX: its name, and the modules where it is found."""
    for module in pkgutil.walk_packages(jax._src.__path__, "jax._src."):
        if "test" not in module.name:
            with contextlib.suppress(ImportError):  # it needs a library for other machines
                importlib.import_module(module.name)
    gc.unfreeze()  # what the suite has frozen is not listed
    every = [x for x in gc.get_objects() if issubclass(type(x), jax.extend.core.Primitive)]
    gc.freeze()
    found = {p.name: set() for p in every}
    for name, module in list(sys.modules.items()):
        if name.startswith("jax."):
            for x in list(vars(module).values()):
                if isinstance(x, jax.extend.core.Primitive):
                    found[x.name].add(name)
    return found


def unknown(told):
    """The primitives of the installed JAX that are not told, but for those of packages apart."""
    return {
        name
        for name, modules in primitives().items()
        if name not in told and not all(m.startswith(APART) for m in modules)
    }
