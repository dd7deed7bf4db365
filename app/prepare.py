"""Before the server: migrate, and fill the demo house when the database is empty and nobody else can reach it."""

import sys

from flask_migrate import upgrade

from app import create_app
from app.config import SettingError, load_settings


def main() -> int:
    try:
        settings = load_settings()
    except SettingError as error:
        print(f"pepiniere: {error}", file=sys.stderr)
        return 2
    app = create_app(settings)
    with app.app_context():
        upgrade()
        if settings.loopback:
            from app.demo.load import load_demo_if_empty

            load_demo_if_empty()
    return 0


if __name__ == "__main__":
    sys.exit(main())
