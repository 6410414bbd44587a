"""Plans on Spark: a book of any size, planned area by area side by side, with the results of one process.

`areas` finds the parts of a book that have nothing to do with each other, `plan` plans each of them in a task of its
own, and `sweep` plans one case under many policies, a task for each. Nothing of it is needed on one machine.
"""

try:
    from rebook.spark._areas import areas
    from rebook.spark._plan import plan
    from rebook.spark._results import SparkPlan
    from rebook.spark._sweep import sweep
except ModuleNotFoundError as error:
    if error.name is None or error.name.split(".")[0] not in ("pyspark", "pyarrow"):
        raise
    message = f'rebook.spark needs {error.name}, which is not installed: pip install "rebook[spark]"'
    raise ImportError(message) from error

__all__ = ["SparkPlan", "areas", "plan", "sweep"]
