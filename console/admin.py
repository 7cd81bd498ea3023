"""Accounts, groups and schedules: what belongs to the whole organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django_celery_beat.models import PeriodicTask
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminPasswordWidget

from console.services import accounts, schedules
from core.backoffice import OrganisationAdmin
from core.models import User
from registry.admin import operations
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


class AccountForm(forms.Form):
    """What a new account needs."""

    username = operations.text("Username")
    kind = operations.choice(
        "Kind", User.Kind.choices, help_text="Service accounts work by API token only."
    )
    full_name = operations.text("Name", required=False)


class PasswordForm(forms.Form):
    """A new password."""

    password = forms.CharField(
        label="New password",
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.prose("Reason", required=False, rows=2)


class GroupForm(forms.Form):
    """What a new group needs."""

    name = operations.text("Name")


class MembershipForm(forms.Form):
    """Who joins or leaves."""

    username = operations.text("Account")
    change = operations.choice("Change", [("join", "Joins"), ("leave", "Leaves")])


@admin.register(User)
class UserAdmin(OrganisationAdmin):
    """Accounts of people and programs."""

    list_display = ("username", "kind_label", "name", "is_active", "last_login", "ways")
    list_filter = ("kind", "is_active", "is_superuser")
    search_fields = ("username", "first_name", "last_name")
    ordering = ("username",)
    fields = (
        "username",
        "kind",
        "first_name",
        "last_name",
        "is_active",
        "is_superuser",
        "groups",
        "uuid",
        "last_login",
        "date_joined",
    )
    actions_list = ("create",)
    extra_views = (
        ("<int:pk>/password/", "password"),
        ("<int:pk>/switch/", "switch"),
    )

    @display(description="Kind", ordering="kind", label={"service": "info"})
    def kind_label(self, user: User) -> str:
        """Return the kind."""
        return user.kind

    @display(description="Name")
    def name(self, user: User) -> str:
        """Return the full name."""
        return user.get_full_name()

    @display(description="")
    def ways(self, user: User) -> str:
        """Return what can be done with the account."""
        offers = [("switch", "Disable …" if user.is_active else "Enable …")]
        if user.kind == User.Kind.HUMAN:
            offers.append(("password", "Password …"))
        return format_html_join(
            " ",
            '<a class="text-link" href="{}">{}</a>',
            ((reverse(f"admin:core_user_{name}", args=[user.pk]), label) for name, label in offers),
        )

    @action(description="Create account", url_path="create", icon="add", permissions=["view"])
    def create(self, request: HttpRequest) -> HttpResponse:
        """Create an account."""
        back = reverse("admin:core_user_changelist")

        def call(data: dict[str, Any]) -> tuple[int, str]:
            made = accounts.create(actor=actor_of(request), **data)
            return messages.SUCCESS, f"The account {made.username} is there, without any right."

        operation = operations.Operation(
            "Create an account",
            "Create account",
            call,
            back=back,
            cancel=back,
            intro="It gets its rights by roles in workspaces.",
        )
        form = AccountForm(request.POST or None)
        return operations.answer(request, operation, form, site=self.admin_site)

    def password(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the account a new password."""
        user = self._found(request, pk)
        back = reverse("admin:core_user_changelist")

        def call(data: dict[str, Any]) -> tuple[int, str]:
            accounts.set_password(actor=actor_of(request), username=user.username, **data)
            return messages.SUCCESS, f"{user.username} has a new password."

        operation = operations.Operation(
            f"New password for {user.username}", "Set password", call, back=back, cancel=back
        )
        form = PasswordForm(request.POST or None)
        return operations.answer(request, operation, form, site=self.admin_site)

    def switch(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Disable the account, or enable it again."""
        user = self._found(request, pk)
        back = reverse("admin:core_user_changelist")
        verb = "Disable" if user.is_active else "Enable"

        def call(data: dict[str, Any]) -> tuple[int, str]:
            accounts.switch(
                actor=actor_of(request),
                username=user.username,
                enabled=not user.is_active,
                **data,
            )
            return messages.SUCCESS, f"{verb}d: {user.username}."

        operation = operations.Operation(
            f"{verb} {user.username}", verb, call, back=back, cancel=back, danger=user.is_active
        )
        form = ReasonForm(request.POST if request.method == "POST" else None)
        return operations.answer(request, operation, form, site=self.admin_site)

    def _found(self, request: HttpRequest, pk: int) -> User:
        found = self.get_queryset(request).filter(pk=pk).first()
        if not isinstance(found, User):
            raise Http404
        return found


@admin.register(Group)
class GroupAdmin(OrganisationAdmin):
    """Groups of accounts. What a group may do is granted by roles, as to accounts."""

    list_display = ("name", "members", "ways")
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "members")
    readonly_fields = ("members",)
    actions_list = ("create",)
    extra_views = (("<int:pk>/membership/", "membership"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the groups with their members."""
        groups: QuerySet[Any] = super().get_queryset(request)
        return groups.prefetch_related("user_set")

    @display(description="Members")
    def members(self, group: Group) -> str:
        """Return the names of the members."""
        return ", ".join(sorted(user.get_username() for user in group.user_set.all())) or "nobody"

    @display(description="")
    def ways(self, group: Group) -> str:
        """Return the way to change who is in it."""
        address = reverse("admin:auth_group_membership", args=[group.pk])
        return format_html('<a class="text-link" href="{}">Members …</a>', address)

    @action(description="Create group", url_path="create", icon="add", permissions=["view"])
    def create(self, request: HttpRequest) -> HttpResponse:
        """Create a group."""
        back = reverse("admin:auth_group_changelist")

        def call(data: dict[str, Any]) -> tuple[int, str]:
            made = accounts.create_group(actor=actor_of(request), **data)
            return messages.SUCCESS, f"The group {made.name} is there, and empty."

        operation = operations.Operation(
            "Create a group", "Create group", call, back=back, cancel=back
        )
        form = GroupForm(request.POST or None)
        return operations.answer(request, operation, form, site=self.admin_site)

    def membership(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let an account join or leave."""
        group = self.get_queryset(request).filter(pk=pk).first()
        if group is None:
            raise Http404
        back = reverse("admin:auth_group_changelist")

        def call(data: dict[str, Any]) -> tuple[int, str]:
            verb = accounts.join if data["change"] == "join" else accounts.leave
            verb(actor=actor_of(request), group=group.name, username=data["username"])
            return messages.SUCCESS, "Done; it counts from the next request on."

        operation = operations.Operation(
            f"Members of {group.name}",
            "Change",
            call,
            back=back,
            cancel=back,
            intro=f"Now: {self.members(group)}.",
        )
        form = MembershipForm(request.POST or None)
        return operations.answer(request, operation, form, site=self.admin_site)


@admin.register(PeriodicTask)
class ScheduleAdmin(OrganisationAdmin):
    """What the worker does by itself."""

    list_display = ("name", "task", "when", "enabled", "last_run_at", "total_run_count", "ways")
    list_select_related = ("interval", "crontab", "solar", "clocked")
    list_filter = ("enabled",)
    search_fields = ("name", "task")
    ordering = ("name",)
    fields = ("name", "task", "when", "kwargs", "enabled", "last_run_at", "total_run_count")
    readonly_fields = ("when",)
    extra_views = (("<int:pk>/switch/", "switch"),)

    @display(description="When")
    def when(self, row: PeriodicTask) -> str:
        """Return the schedule in words."""
        return str(row.interval or row.crontab or row.solar or row.clocked)

    @display(description="")
    def ways(self, row: PeriodicTask) -> str:
        """Return the way to switch it."""
        address = reverse("admin:django_celery_beat_periodictask_switch", args=[row.pk])
        label = "Switch off …" if row.enabled else "Switch on …"
        return format_html('<a class="text-link" href="{}">{}</a>', address, label)

    def switch(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Switch the schedule on or off."""
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        back = reverse("admin:django_celery_beat_periodictask_changelist")
        verb = "Switch off" if row.enabled else "Switch on"

        def call(data: dict[str, Any]) -> tuple[int, str]:
            schedules.switch(actor=actor_of(request), schedule=pk, enabled=not row.enabled)
            return messages.SUCCESS, f"{row.name} is {'off' if row.enabled else 'on'}."

        operation = operations.Operation(f"{verb} {row.name}", verb, call, back=back, cancel=back)
        form = forms.Form(request.POST if request.method == "POST" else None)
        return operations.answer(request, operation, form, site=self.admin_site)
