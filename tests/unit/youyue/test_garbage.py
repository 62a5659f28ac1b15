"""What stands when a program has been put together is looked at no more by the collector of garbage."""

import subprocess
import sys

PROGRAM = """
import gc
from youyue.garbage import leave_standing
standing = [[number] for number in range(1000)]
leave_standing()
fresh = [[number] for number in range(10)]
looked_at = {id(one) for one in gc.get_objects()}
print(any(id(one) in looked_at for one in standing), all(id(one) in looked_at for one in fresh))
"""


def test_the_collector_looks_at_what_comes_later_and_not_at_what_stands() -> None:
    # In a process of its own: what it does, it does to the whole process for good.
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
