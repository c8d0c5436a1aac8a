"""`laurel routes`: every address, and who may come in."""

import json

import click

from webapp.access import declared_routes
from webapp.app import create_app
from webapp.cli.place import open_place


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def routes(as_json: bool) -> None:
    """Every method, path and endpoint, with the roles that may come in."""
    with open_place(existing=True) as place:
        app = create_app(place.settings, engine=place.engine)
        lines = [
            {
                "method": method,
                "path": rule.rule,
                "endpoint": rule.endpoint,
                "roles": sorted(access.roles) or [f"key:{access.key}"],
            }
            for rule, access in declared_routes(app)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
    if as_json:
        click.echo(json.dumps(lines, indent=2))
        return
    for line in lines:
        roles = ", ".join(line["roles"])
        click.echo(f"{line['method']:<7} {line['path']:<44} {line['endpoint']:<32} {roles}")
