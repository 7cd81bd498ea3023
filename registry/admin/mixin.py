"""Workspace access on every page of the back office."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin import SimpleListFilter

from core.backoffice import ReadOnlyAdmin
from core.denials import denial_of
from core.errors import AuthenticationRequired, NotFound
from core.http.sessions import session_actor
from registry import access
from registry.effective_access import current_epoch
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import Model, Q, QuerySet
    from django.http import HttpRequest

    from core.actors import Actor

ACTOR = "_muniment_actor"


def actor_of(request: HttpRequest) -> Actor:
    """Return the logged-in user as an actor, under the epoch of grants read once per request."""
    known: Actor | None = getattr(request, ACTOR, None)
    if known is not None:
        return known
    actor = session_actor(request)
    if actor is None:
        raise AuthenticationRequired("Log in first.")
    actor = replace(actor, access_epoch=current_epoch())
    setattr(request, ACTOR, actor)
    return actor


class WorkspaceScopedAdmin(ReadOnlyAdmin):
    """Base of every ModelAdmin whose rows belong to a workspace.

    Lists, object pages, actions, autocompletion and search all start from ``get_queryset``, which
    holds only rows of workspaces that grant the user ``view_right``. ``workspace_path`` leads from
    a row to its workspace, as in ``access.in_reach``.
    """

    workspace_path: ClassVar[str] = "workspace"
    view_right: ClassVar[Permission] = Permission.VIEW

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows in reach of the user."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(self.reach(request))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        """Return the row; raises NotFound, with the denial, for one out of reach."""
        found: Model | None = super().get_object(request, object_id, from_field)
        if found is None and object_id.isdecimal():
            raise NotFound(
                denial=denial_of(
                    self.model,
                    {"pk": object_id},
                    permission=self.view_right.value,
                    workspace_path=self.workspace_path,
                )
            )
        return found

    def reach(self, request: HttpRequest) -> Q:
        """Return the condition that a row is in reach of the user."""
        return access.in_reach(
            actor_of(request), path=self.workspace_path, permission=self.view_right
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Everyone may look; what there is to see depends on the grants."""
        return bool(request.user.is_active)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Tell whether the user may see the list, or that very row."""
        return self.has_right(request, self.view_right, obj)

    def has_right(self, request: HttpRequest, right: Permission, obj: Model | None = None) -> bool:
        """Tell whether the user has ``right`` in the workspace of ``obj``; True without one."""
        if not request.user.is_active:
            return False
        return obj is None or access.allows(actor_of(request), right, self.workspace_id(obj))

    def workspace_id(self, obj: Model) -> int:
        """Return the id of the workspace that a row belongs to."""
        key = f"{self.workspace_path}_id" if self.workspace_path else "pk"
        found: Any = obj
        for name in key.split("__"):
            found = getattr(found, name)
        return int(found)


class MembersAdmin(ReadOnlyAdmin):
    """Base of every ModelAdmin of what the whole organisation shares and every member reads:
    policies and the sets of them."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Everyone who is logged in may look."""
        return bool(request.user.is_active)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Everyone who is logged in may look."""
        return self.has_view_permission(request)


class WorkspaceFilter(SimpleListFilter):
    """Filters by workspace and offers only those that the user may see.

    Django's own filter over a relation would name every workspace there is.
    """

    title = "workspace"
    parameter_name = "workspace"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        """Return slug and label of each visible workspace."""
        slugs = access.visible_workspaces(actor_of(request)).order_by("slug")
        return [(slug, slug) for slug in slugs.values_list("slug", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the chosen workspace."""
        if not self.value():
            return queryset
        path = getattr(self._model_admin, "workspace_path", "workspace")
        return queryset.filter(**{f"{path}__slug" if path else "slug": self.value()})

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, Any],
        model: type[Model],
        model_admin: ModelAdmin[Any],
    ) -> None:
        self._model_admin = model_admin
        super().__init__(request, params, model, model_admin)
