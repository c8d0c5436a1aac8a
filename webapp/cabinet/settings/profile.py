"""What a member tells of themselves: a name, a birthday to be celebrated on, a city."""

from datetime import date
from functools import partial

from flask import Response, request, url_for
from flask_babel import gettext as _

from gamification.commands.member import MOST_CITY
from gamification.commands.profile import EARLIEST, Profile, fill_profile, profile_of
from gamification.refusals import BirthdayFixed, InvalidSetting, ParentNeeded
from webapp import consents
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id
from webapp.cabinet.settings.pages import go_to, section_page
from webapp.frame import chosen_locale
from webapp.log import LOG
from webapp.words.corrections import no_city
from webapp.words.refusals import refusal_text
from webapp.world import open_world, run_world

NAME_LENGTH = 80


@blueprint.get("/settings/profile")
@allow("customer")
def profile() -> Response:
    """The name, the birthday and the city, to be filled in or corrected."""
    found = read_profile()
    born = found.birthday.isoformat() if found.birthday else ""
    toast = str(_("Saved.")) if request.args.get("changed") else ""
    return profile_page(found, name=found.name, birthday=born, city=found.city, toast=toast)


@blueprint.post("/settings/profile")
@allow("customer", keeps=("name", "birthday", "parent", "city"))
def save_profile() -> Response:
    """Keep what was written; a birthday that was celebrated stays."""
    found, member_id = read_profile(), own_member_id()
    name = request.form.get("name", "").strip()[: NAME_LENGTH + 1]
    typed = request.form.get("birthday", "").strip()[:10]
    city = request.form.get("city", found.city).strip()[: 4 * MOST_CITY]
    birthday = found.birthday if found.fixed else parsed_day(typed)
    errors: dict[str, str] = {}
    if birthday is None and typed:
        errors["birthday"] = no_birthday()
    if len(name) > NAME_LENGTH:
        errors["name"] = no_name()
    parent = consents.parent_answers(request.form, chosen_locale())
    child = False
    try:
        if not errors:
            run_world(partial(fill_profile, member_id=member_id, name=name, birthday=birthday,
                              parent=parent, city=city))  # fmt: skip
    except InvalidSetting as refusal:
        field = str(refusal.values["setting"])
        errors[field] = WRONG[field]()
    except BirthdayFixed as refusal:
        errors["birthday"] = refusal_text(refusal)
    except ParentNeeded as refusal:
        errors["birthday"], child = refusal_text(refusal), True
    if errors:
        return profile_page(
            found, name=name, birthday=typed, city=city, errors=errors, child=child, status=422
        )
    LOG.info("profile_filled", member=member_id)
    return go_to("cabinet.profile", changed="profile")


def read_profile() -> Profile:
    with open_world(readonly=True) as world:
        return profile_of(world, own_member_id())


def parsed_day(typed: str) -> date | None:
    """A day as a date field sends it."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def no_name() -> str:
    return str(_("Tell us what to call you, in up to 80 letters."))


def no_birthday() -> str:
    return str(_("Enter your birthday as a date in the past, or leave it empty."))


WRONG = {"name": no_name, "birthday": no_birthday, "city": no_city}


def profile_page(
    found: Profile,
    *,
    name: str,
    birthday: str,
    city: str,
    errors: dict[str, str] | None = None,
    child: bool = False,
    status: int = 200,
    toast: str = "",
) -> Response:
    return section_page(
        "profile", status=status, action=url_for("cabinet.save_profile"), name=name,
        birthday=birthday, city=city, fixed=found.fixed, errors=errors or {},
        earliest=EARLIEST.isoformat(), toast=toast,
        parent=consents.parent_question().text if child else "",
    )  # fmt: skip
