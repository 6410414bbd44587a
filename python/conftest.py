"""Where there is no Java, the examples of `rebook.spark` cannot run."""

import shutil

collect_ignore_glob = [] if shutil.which("java") else ["rebook/spark/*"]
