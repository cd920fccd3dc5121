"""The shipped rules, for tests that go through the whole house."""

from pipeline.settings import document_types
from pipeline.site import settings_of
from pipeline.wiring import filing_rules, index_rules

FILING = filing_rules(settings_of().filing, document_types())
IDENTITY = index_rules()
