"""What holds for every test: a property that is slow on a busy machine is not wrong."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
