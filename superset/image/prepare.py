"""Before Superset starts: its database's schema, its roles, the administrator, and the dashboards of the bundle.

One process, as each start of Superset's own command takes as long as all of this. May be repeated: the bundle replaces
what it brought last time, by UUID; what people made themselves stays.
"""

import json
import os
import re
import sys
from pathlib import Path

_PLACE = re.compile(r"\$\{(\w+)\}")


def read_bundle(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """YAML by its path in the bundle, with `${NAME}` in the databases replaced from the environment."""
    texts = {}
    for file in sorted(folder.rglob("*.yaml")):
        name = file.relative_to(folder).as_posix()
        text = file.read_text(encoding="utf-8")
        if name.startswith("databases/"):
            missing = sorted({place for place in _PLACE.findall(text) if place not in environment})
            if missing:
                raise SystemExit(f"{name} needs {', '.join(missing)} in the environment")
            text = _PLACE.sub(lambda match: environment[match[1]], text)
        texts[name] = text
    return texts


def prepare(bundle: Path) -> None:
    import superset
    from flask_migrate import upgrade
    from superset.app import create_app

    with create_app().app_context():
        from superset import security_manager
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.extensions import appbuilder
        from superset.utils.core import override_user

        upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        admin = security_manager.find_user("admin")
        password = os.environ["SUPERSET_ADMIN_PASSWORD"]
        if admin is None:
            role = security_manager.find_role("Admin")
            admin = security_manager.add_user("admin", "Admin", "", "admin@localhost", role, password=password)
        else:
            # The secret decides: who changes it changes the password at the next start.
            security_manager.reset_password(admin.id, password)
        texts = read_bundle(bundle, dict(os.environ))
        with override_user(admin):
            ImportAssetsCommand(texts).run()
        print(json.dumps({"fact": "prepared", "files": len(texts)}), flush=True)


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
