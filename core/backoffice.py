"""What every list and object page of the back office has in common."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin import ShowFacets
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern


class ReadOnlyAdmin(ModelAdmin):
    """Base of every ModelAdmin: rows are looked at here and changed by services.

    Only the list and the object page have addresses; subclasses add actions, each of which calls
    one service. A missing object and one out of reach are the same 404.
    """

    actions = None
    list_per_page = 50
    # Nothing is counted: a list costs the same at any number of rows.
    paginator = InfinitePaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    extra_views: ClassVar[tuple[tuple[str, str], ...]] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added by a generic form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed by a generic form."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the list, the object page, actions and ``extra_views``.

        ``extra_views`` are pairs of an address below the list and the name of a method.
        """
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        extra = [
            path(
                address,
                self.admin_site.admin_view(self._guarded(getattr(self, method))),
                name=f"{label}_{method}",
            )
            for address, method in self.extra_views
        ]
        unused = {None, *(f"{label}_{page}" for page in ("add", "delete", "history"))}
        return [*extra, *(url for url in super().get_urls() if url.name not in unused)]

    def _guarded(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Return ``view`` for those only who may see the list."""

        @wraps(view)
        def show(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return view(request, **arguments)

        return show

    def change_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the object page without the buttons that save."""
        kwargs["extra_context"] = {
            **(kwargs.get("extra_context") or {}),
            "show_save": False,
            "show_save_and_continue": False,
            "show_close": False,
        }
        response: HttpResponse = super().change_view(*args, **kwargs)
        return response

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: object, object_id: str
    ) -> HttpResponse:
        raise Http404


class OrganisationAdmin(ReadOnlyAdmin):
    """Pages of what belongs to no workspace: for administrators of the organisation only."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Tell whether the user administers the organisation."""
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Tell the same of the whole app."""
        return self.has_view_permission(request)
