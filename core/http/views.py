"""What our API views share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.actors import Actor
from core.denials import denial_of
from core.errors import AuthenticationRequired, NotFound
from core.http import idempotency

if TYPE_CHECKING:
    from rest_framework.request import Request

    from core.errors import Denial


class ActorViewSet(GenericViewSet):  # type: ignore[type-arg]  # each subclass has its own rows
    """A viewset that knows who acts; its subclasses make one service call per action.

    ``workspace_path`` leads from a row to its workspace, empty where rows belong to none;
    ``view_right`` is the permission there that its rows are shown for.
    """

    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    workspace_path: ClassVar[str] = "workspace"
    view_right: ClassVar[str] = "view_workspace"

    @property
    def actor(self) -> Actor:
        """Return the caller, with the limits of the credential that the call came with."""
        if not isinstance(self.request.auth, Actor):
            raise AuthenticationRequired("Authentication is required.")
        return self.request.auth

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the caller, then whether this very request took effect before."""
        super().initial(request, *args, **kwargs)
        idempotency.begin(request)

    def handle_exception(self, exc: Exception) -> Any:
        """Answer a request that took effect before as it was answered then."""
        earlier = idempotency.answer_instead(exc, self.request)
        return super().handle_exception(exc) if earlier is None else earlier

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep the answer of a request that came with an idempotency key; never one that must not
        be stored, because it shows a secret."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if "no-store" in final.headers.get("Cache-Control", ""):
            return final
        auth = getattr(request, "_auth", None)  # reading ``auth`` of a failed login fails again
        if isinstance(auth, Actor) and auth.claim and isinstance(final, Response):
            idempotency.keep_answer(final, claim=auth.claim)
        return final

    def get_object(self) -> Any:
        """Return the row of the address; raises NotFound for a missing or foreign one."""
        try:
            return super().get_object()
        except Http404:
            raise NotFound(denial=self._denial()) from None

    def _denial(self) -> Denial | None:
        """Return what was refused, if there is a row and the caller may not see it."""
        lookup = {self.lookup_field: self.kwargs[self.lookup_field]}
        visible = self.get_queryset()
        if visible.filter(**lookup).exists():
            return None
        return denial_of(
            visible.model,
            lookup,
            permission=self.view_right,
            workspace_path=self.workspace_path,
        )
