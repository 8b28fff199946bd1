"""The same bytes in other surroundings, in small; `python -m tests.determinism` does it in full."""

import pytest
from determinism.repeat import SMALL, Surroundings, run, surroundings


@pytest.mark.exhaustive
def test_other_surroundings_give_the_same_bytes(tmp_path):
    plain = run(Surroundings(), tmp_path, SMALL)
    other = Surroundings(hash_seed="7", locale="C", zone="Asia/Kathmandu", processors=1, cache=True)
    assert len(plain) == 7
    assert len(set(plain.values())) == 7
    assert run(other, tmp_path, SMALL) == plain


def test_surroundings_differ_in_every_respect():
    twenty = surroundings(20)
    assert len(set(twenty)) == 20
    for name in vars(twenty[0]):
        assert len({getattr(around, name) for around in twenty}) > 1
