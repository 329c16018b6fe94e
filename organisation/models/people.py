"""Persons, their roles in units, and invitations."""

from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import search_form, validate_text
from organisation.models.units import Tree, Unit


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any) -> "UserQuerySet":
        """Administrators see everybody, managers those with a role in their subtree."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(
            models.Q(pk=user.pk) | models.Q(memberships__unit__in=user.managed_unit_ids)
        ).distinct()

    def administrators(self) -> "UserQuerySet":
        """Who may sign in and administer the installation."""
        return self.filter(is_active=True, memberships__role=Membership.Role.ADMINISTRATOR).distinct()


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Any) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def administrators(self) -> UserQuerySet:
        return self.get_queryset().administrators()

    def with_address(self, email: str) -> UserQuerySet:
        return self.get_queryset().filter(email__iexact=email)


class User(AbstractBaseUser):
    """A person who signs in: staff, manager or administrator.

    The address is kept in small letters, which is how sign-in looks it up.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, validators=[validate_text])
    language = models.CharField(_("language"), max_length=12, blank=True)
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    search = models.TextField(editable=False, default="", help_text="name and address, case-folded")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_an_address")]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        self.search = search_form(f"{self.name} {self.email}")
        fields = kwargs.get("update_fields")
        if fields is not None and {"name", "email"} & set(fields):
            kwargs["update_fields"] = {*fields, "search"}
        super().save(*args, **kwargs)

    def has_perm(self, permission: str, target: Any = None) -> bool:
        """Asks the predicates that each room registers with the `rules` library."""
        return self.is_active and rules.has_perm(permission, self, target)

    @cached_property
    def roles(self) -> list["Membership"]:
        """The person's roles, read once per request."""
        return list(self.memberships.select_related("unit"))

    @property
    def is_administrator(self) -> bool:
        return any(each.role == Membership.Role.ADMINISTRATOR for each in self.roles)

    @property
    def is_manager(self) -> bool:
        return any(each.role != Membership.Role.STAFF for each in self.roles)

    @cached_property
    def managed_unit_ids(self) -> set[int]:
        """Units in the subtrees that the person manages, as the tree stands today."""
        managed = [each.unit_id for each in self.roles if each.role != Membership.Role.STAFF]
        if not managed:
            return set()
        tree = Tree.on(timezone.now().date())
        return set().union(*(tree.subtree(unit_id) for unit_id in managed))

    def may_grant(self, role: str, unit: Unit) -> bool:
        """Administrators grant every role; managers all but theirs, in the units they manage."""
        if not self.is_active:
            return False
        if self.is_administrator:
            return True
        return role != Membership.Role.ADMINISTRATOR and unit.pk in self.managed_unit_ids

    @property
    def unit_ids(self) -> set[int]:
        """Units in which the person has a role, and those below the managed ones."""
        return {each.unit_id for each in self.roles} | self.managed_unit_ids

    @property
    def home_unit(self) -> Unit | None:
        """Where the person works: the unit of the first role."""
        return self.roles[0].unit if self.roles else None


class Membership(models.Model):
    """A person's role in a unit, and the level at which the person works there."""

    class Role(models.TextChoices):
        STAFF = "staff", _("Staff")
        MANAGER = "manager", _("Manager")
        ADMINISTRATOR = "administrator", _("Administrator")

    class Level(models.TextChoices):
        LEADERSHIP = "leadership", _("Leadership")
        MIDDLE = "middle", _("Middle level")
        FRONT = "front", _("Front line")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.STAFF)
    level = models.CharField(_("level"), max_length=20, choices=Level, default=Level.FRONT)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "unit"], name="one_role_a_person_and_unit")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.unit}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)

    def visible_to(self, user: Any) -> "InvitationQuerySet":
        return self.filter(unit__in=Unit.objects.managed_by(user))


class Invitation(models.Model):
    """A single-use, expiring link bound to an address, a unit, a role and a level.

    Only the hash of the link's secret is kept.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(_("e-mail address"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role)
    level = models.CharField(_("level"), max_length=20, choices=Membership.Level)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.email

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at
