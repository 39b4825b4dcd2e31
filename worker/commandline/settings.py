"""The `settings` commands: what holds and why, and the schema for editors."""

from __future__ import annotations

import typer

from worker.commandline.options import DEFAULT_CONFIG, HELP, AsJson, Config, JsonAlone, example

settings_app = typer.Typer(
    help="Show the settings, and their schema.",
    context_settings=HELP,
    rich_markup_mode=None,
    no_args_is_help=True,
    epilog=example("settings show", "settings schema > forcesync.schema.json"),
)


@settings_app.command("show", epilog=example("settings show", "settings show --json"))
def settings_show(config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Show every key, its value, and where that comes from.

    That is the default, the file or the environment; secrets are hidden.
    """
    from worker import wiring
    from worker.output import aligned, print_json, print_lines, room
    from worker.settings.sources import effective

    settings = wiring.read_settings(config)
    desks = {name: wiring.desk_settings(name, settings) for name in settings.desks}
    found = list(effective(settings, config, desks))
    if as_json:
        keys = [{"key": item.key, "value": item.value, "shown": item.shown, "from": item.source} for item in found]
        print_json({"settings": keys})
        return
    print_lines(aligned(((item.key, f"{item.shown}  [{item.source}]") for item in found), room()))


@settings_app.command("schema", epilog=example("settings schema > forcesync.schema.json"))
def settings_schema(_json: JsonAlone = True) -> None:
    """Print the JSON Schema of the settings, for editors."""
    import json

    from worker import wiring
    from worker.output import print_whole
    from worker.settings.schema import schema_of

    print_whole(json.dumps(schema_of(wiring.desk_models()), ensure_ascii=False, indent=2))
