"""Devices and their faults in words, for the doctor and the lists of staff: the codes are the programme's own."""

from texts.catalogue import Catalogue


def device_word(device: str, catalogue: Catalogue) -> str:
    """What people call it; a device of another version by its code."""
    key = f"device.{device}"
    return catalogue.say(key) if key in catalogue else device


def fault_word(fault: str | None, catalogue: Catalogue) -> str:
    """What is wrong with it, as the screens say it."""
    key = f"fault.{fault}"
    return catalogue.say(key) if key in catalogue else catalogue.say("fault.driver_failed")


def repair_word(fault: str | None, catalogue: Catalogue) -> str:
    """What staff do about it."""
    key = f"repair.{fault}"
    return catalogue.say(key) if key in catalogue else catalogue.say("repair.other")
