"""Files that are read, that are kept from one run to the next, and that go when a run ends."""
