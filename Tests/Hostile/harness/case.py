"""A case, and the registry of kinds."""
import dataclasses
import random
import typing


@dataclasses.dataclass(frozen=True)
class Case:
    """One thing to try. Its label tells it from all others and, with the seed, what it does."""

    label: str
    # Takes a bench and a generator of the case's own; gives what failed, a sentence each.
    body: typing.Callable
    # Whether it belongs to the small share that the package's tests run.
    small: bool = False

    def generator(self, seed):
        """The same numbers whenever this case runs with this seed."""
        return random.Random("%s %s" % (seed, self.label))


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of fault: a name, a sentence, and its cases."""

    name: str
    title: str
    # Takes the world, gives cases: all there are, or, where there is a share, without end.
    cases: typing.Callable
    # How often it comes among the kinds without end.
    share: int = 0


KINDS = []


def kind(name, title, share=0):
    """Registers the function below it as a kind of fault."""

    def register(cases):
        KINDS.append(Kind(name, title, cases, share))
        return cases

    return register
