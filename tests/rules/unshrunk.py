"""A plugin of pytest: whether a law of Hypothesis fails is asked here, and not what its smallest example would be."""

from hypothesis import Phase, settings

settings.register_profile("unshrunk", deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
