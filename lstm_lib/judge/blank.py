"""The blank that a learner fills in: ___"""


class BlankLeft(Exception):
    """The code that ran still contains a blank."""


class Blank:
    """A placeholder for missing code; every operation on it raises BlankLeft."""

    def _stop(self, *args, **kwargs):
        raise BlankLeft("a blank (___) is still to be filled in")

    def __repr__(self):
        return "___"


for _name in (
    "add sub mul truediv floordiv mod divmod pow matmul and or xor lshift rshift neg pos abs invert round radd rsub rmul "
    "rtruediv rfloordiv rmod rdivmod rpow rmatmul rand ror rxor rlshift rrshift lt le gt ge eq ne bool len iter getitem "
    "setitem contains call float int index complex hash array array_ufunc array_function getattr"
).split():
    setattr(Blank, f"__{_name}__", Blank._stop)

___ = Blank()
