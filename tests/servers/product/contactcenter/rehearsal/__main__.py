"""A stand-in for the rehearsal: it only lasts."""

import os
import threading
from pathlib import Path

Path(os.environ["CONTACTCENTER_HOME"], "rehearsal.pid").write_text(str(os.getpid()))
threading.Event().wait()
