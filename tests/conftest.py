"""What holds for all tests."""

from hypothesis import settings

# A machine that does other work is no fault of the code: properties are judged by what they find, not by how fast.
settings.register_profile("comprova", deadline=None)
settings.load_profile("comprova")
