"""What JAX compiles is kept from one run to the next, all of it, and not without end."""

import os
import platform

import jax
import numpy as np
from jax.experimental.compilation_cache import compilation_cache

from gradart.jobs.process_setup import cache_compilations


def test_the_smallest_program_is_kept_and_of_too_many_the_oldest_go(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADART_CACHE", str(tmp_path))
    monkeypatch.setattr("gradart.jobs.process_setup._PROGRAMS", 4)
    kept = tmp_path / platform.node()
    kept.mkdir()
    for age in range(6):
        file = kept / str(age)
        file.touch()
        os.utime(file, (1000 - age, 1000 - age))
    settings = "jax_compilation_cache_dir", "jax_persistent_cache_min_compile_time_secs"
    before = {name: getattr(jax.config, name) for name in settings}
    try:
        compilation_cache.reset_cache()
        cache_compilations()
        assert {file.name for file in kept.iterdir()} == {"0", "1", "2"}
        jax.jit(lambda x: -x)(np.zeros(7, np.float32))
        assert len(list(kept.glob("jit_*-cache"))) == 1
    finally:
        for name, value in before.items():
            jax.config.update(name, value)
        compilation_cache.reset_cache()
