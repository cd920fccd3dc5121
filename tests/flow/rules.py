"""The shipped rules, for tests that go through the whole house."""

from pipeline.wiring import index_rules, settings_of

FILING = settings_of().filing
IDENTITY = index_rules()
