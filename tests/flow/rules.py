"""The shipped rules, for tests that go through the whole house."""

from pipeline.site import settings_of
from pipeline.wiring import index_rules

FILING = settings_of().filing
IDENTITY = index_rules()
