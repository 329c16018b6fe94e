"""Who would get a course, before anybody gets it: people chosen by name, and groups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from organisation.days import local_day, organisation_day
from organisation.models import Membership, Tree, Unit, User
from training.actions.assign import is_behind
from training.models import Assignment, Course

State = Assignment.State


@dataclass(frozen=True)
class Group:
    """Everybody in these units and below (none: in all that one looks after) who fits the rest."""

    units: Sequence[Unit] = ()
    role: str = ""
    level: str = ""
    hired_since: date | None = None

    def people(self, user: User, at: datetime) -> Any:
        """Role, level and unit are asked of one and the same role of a person."""
        places = Membership.objects.all()
        if not user.is_administrator:
            places = places.filter(unit__in=user.managed_unit_ids)
        if self.units:
            tree = Tree.on(organisation_day(at))
            places = places.filter(unit__in=set().union(*(tree.subtree(unit.pk) for unit in self.units)))
        if self.role:
            places = places.filter(role=self.role)
        if self.level:
            places = places.filter(level=self.level)
        people = User.objects.visible_to(user).filter(pk__in=places.values("user"))
        return people.filter(hired_on__gte=self.hired_since) if self.hired_since else people


@dataclass(frozen=True)
class Recipient:
    """One person, and the newest cycle in the course where there is one."""

    person: User
    standing: Assignment | None


@dataclass
class Preview:
    """Everybody who was chosen, by what becomes of them. `left` may not sign in any more."""

    new: list[Recipient] = field(default_factory=list)
    again: list[Recipient] = field(default_factory=list)
    open: list[Recipient] = field(default_factory=list)
    current: list[Recipient] = field(default_factory=list)
    waived: list[Recipient] = field(default_factory=list)
    left: list[Recipient] = field(default_factory=list)

    @property
    def getting(self) -> list[Recipient]:
        return sorted([*self.new, *self.again], key=lambda each: (each.person.name, each.person.pk))

    @property
    def people(self) -> list[User]:
        return [each.person for each in self.getting]

    @property
    def left_out(self) -> int:
        return len(self.current) + len(self.waived) + len(self.left)

    @property
    def had(self) -> int:
        """Who has or had the course in any way: a rule gives it only to whoever never had it."""
        return len(self.again) + len(self.open) + len(self.current) + len(self.waived)

    @property
    def seal(self) -> str:
        """One text for all who would get it: another one as soon as it is somebody else."""
        return sha256(repr(sorted(person.pk for person in self.people)).encode()).hexdigest()[:20]


def preview(course: Course, people: Iterable[User], at: datetime) -> Preview:
    """What giving the course to the people now would come to. Three queries, however many they are."""
    found = Preview()
    chosen = list(people)
    newest = {
        each.person_id: each
        for each in Assignment.objects.newest()
        .filter(course=course, person__in=[person.pk for person in chosen])
        .select_related("certificate")
    }
    for person in chosen:
        _sort_in(found, Recipient(person, newest.get(person.pk)), at)
    return found


def _sort_in(found: Preview, each: Recipient, at: datetime) -> None:
    standing = each.standing
    if not each.person.is_active:
        found.left.append(each)
    elif standing is None:
        found.new.append(each)
    elif is_behind(standing, local_day(each.person, at)):
        found.again.append(each)
    elif standing.is_open:
        found.open.append(each)
    elif standing.state == State.WAIVED:
        found.waived.append(each)
    else:
        found.current.append(each)


def chosen_people(user: User, group: Group | None, names: Sequence[User], at: datetime) -> list[User]:
    """The group and the people named, each once, by name; what `preview` needs comes with them."""
    wanted = {person.pk for person in names}
    if group is not None:
        wanted |= set(group.people(user, at).values_list("pk", flat=True))
    people = User.objects.visible_to(user).filter(pk__in=wanted)
    return list(people.prefetch_related("memberships__unit").order_by("name", "pk"))
