"""The server: gevent, patched before anything else is imported.

``python -m app.server`` serves; with ``--prepare`` it migrates first, and fills the demo house of an empty database.
With WORKERS above 1 it starts that many processes which serve, and one for the jobs. ``--jobs`` runs the jobs alone.
"""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402

from app.config import SettingError, load_settings  # noqa: E402


def main() -> int:
    asked = _asked(sys.argv[1:])
    try:
        return _run(asked)
    except SettingError as error:
        print(f"pepiniere: {error}", file=sys.stderr)
        return 2


def _run(asked: argparse.Namespace) -> int:
    settings = load_settings()
    if settings.workers > 1 and not asked.jobs and asked.control is None:
        from app.supervisor import supervise

        return supervise(settings, prepare=asked.prepare)
    from app import serving

    if asked.jobs:
        return serving.run_jobs(settings, asked.control)
    return serving.serve(settings, asked)


def _asked(given: list[str]) -> argparse.Namespace:
    """What is asked; the last three are between the supervisor and its processes."""
    asked = argparse.ArgumentParser(prog="python -m app.server", description="Serve the house.")
    asked.add_argument("--prepare", action="store_true", help="migrate first, and fill the demo house if it is empty")
    asked.add_argument("--jobs", action="store_true", help="run due jobs and the clock, serve nothing")
    asked.add_argument("--first", action="store_true", help=argparse.SUPPRESS)
    asked.add_argument("--listen", type=int, metavar="FD", help=argparse.SUPPRESS)
    asked.add_argument("--control", type=int, metavar="FD", help=argparse.SUPPRESS)
    return asked.parse_args(given)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Taking a large program apart lasts seconds on a busy machine, and there is nothing left to save.
    os._exit(code)
