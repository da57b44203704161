from hypothesis import settings

pytest_plugins = ["sphinx.testing.fixtures"]

# torch's first call takes seconds, and a test that passes at a desk must pass in CI.
settings.register_profile("d2lnotes", deadline=None, derandomize=True)
settings.load_profile("d2lnotes")
