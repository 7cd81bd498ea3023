"""The site under /admin/: who gets in, its own pages, its search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm
from unfold.sites import UnfoldAdminSite

from console.services import accounts
from core.actors import Actor, Via
from core.backoffice import ReadOnlyAdmin
from core.models import User

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest
    from django.urls import URLPattern


class LoginForm(AuthenticationForm):
    """Lets every active person in; what there is to see depends on their grants.

    Django's own form asks for ``is_staff``. Here that flag means nothing: roles in workspaces do.
    """

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Raise ValidationError for a disabled account, and for one of a program."""
        if not is_person(user):
            raise ValidationError(
                self.error_messages["invalid_login"],
                code="invalid_login",
                params={"username": self.username_field.verbose_name},
            )


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """Asks for the old password and twice for the new one; the service writes it."""

    def save(self, commit: bool = True) -> User:
        """Write the new password in the name of its holder."""
        return accounts.change_own_password(
            actor=Actor(user=self.user, via=Via.SESSION),
            password=self.cleaned_data["new_password1"],
        )


def is_person(user: object) -> bool:
    """Tell whether a request's user may use pages: programs come by API token."""
    return isinstance(user, User) and user.is_active and user.kind == User.Kind.HUMAN


class ConsoleSite(UnfoldAdminSite):
    """The product's site: Unfold's shell, the apps' lists and forms, the console's own pages."""

    login_form = LoginForm
    enable_nav_sidebar = True
    # The browsable site is the product; there is no other one to view.
    site_url = None

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take our own ModelAdmins, and leave out those that third-party apps bring along.

        Theirs know nothing of workspaces, and would change rows past every service.
        """
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether the user may enter."""
        return is_person(request.user)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Let people change their own password, by a service that journals it."""
        answer = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            template_name="registration/password_change_form.html",
            success_url=reverse(f"{self.name}:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)
        assert isinstance(answer, HttpResponse)  # the view streams nothing
        return answer

    def get_urls(self) -> list[URLPattern]:
        """Return the console's pages before those of the apps.

        An object page that is made of several apps takes the place, and the address, of the one
        that the object's own app would show.
        """
        from console.pages import urls

        urlpatterns: list[URLPattern] = [*urls.urlpatterns(self), *super().get_urls()]
        return urlpatterns

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the home page."""
        from console.pages.home import home

        return home(self, request)

    def search(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return what matches and the user may see: bounded, and never from a cache.

        Unfold's own search lists every match of every model and keeps it for five minutes, also
        after a grant ended.
        """
        from console.pages.search import search

        return search(self, request)
