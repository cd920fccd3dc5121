"""A catalogue that dies at its n-th call: before it is done, or just after."""

from pipeline.errors import StoreUnavailable


class FailingAt:
    """Stands before a real catalogue; from the n-th call on, nothing answers.

    Odd n die before the call, even n after it was done and before it was told.
    """

    def __init__(self, catalogue, nth):
        self.catalogue, self.left, self.after = catalogue, (nth + 1) // 2, nth % 2 == 0

    def __getattr__(self, name):
        method = getattr(self.catalogue, name)

        def call(*args, **kwargs):
            self.left -= 1
            if self.left < 0 or (self.left == 0 and not self.after):
                raise StoreUnavailable("pulled the plug")
            answer = method(*args, **kwargs)
            if self.left == 0:
                raise StoreUnavailable("pulled the plug")
            return answer

        return call
