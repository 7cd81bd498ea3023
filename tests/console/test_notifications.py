from __future__ import annotations

from django.urls import reverse

from registry.models import Notification, Watch
from registry.services import comments
from tests import factories
from tests.console.pages import Scene, browser
from tests.registry.collaboration.steps import tell


def mention(scene: Scene) -> Notification:
    """The deployer is named in a comment, and told of it."""
    assert scene.deployer.user is not None
    about = {"version": factories.reference(scene.version)}
    text = f"Please look, @{scene.deployer.user.username}"
    comments.add(actor=scene.author, about=about, text=text)
    tell()
    return Notification.objects.get(user=scene.deployer.user, reason="mention")


def inbox_of(scene: Scene) -> str:
    return reverse("admin:console_notifications")


def test_a_mention_is_listed_and_counted_beside_its_name(scene: Scene) -> None:
    told = mention(scene)

    response = browser(scene.deployer).get(inbox_of(scene))

    assert told.pk in [line.pk for line, _, _ in response.context["lines"]]
    first_group = response.context["sidebar_navigation"][0]["items"]
    badges = {str(item["title"]): item.get("badge") for item in first_group}
    assert badges["Notifications"] == str(response.context["unread"])


def test_following_one_marks_it_as_read_and_leads_to_its_subject(scene: Scene) -> None:
    told = mention(scene)
    follow = reverse("admin:console_notification_follow", args=[told.uuid])

    response = browser(scene.deployer).post(follow)

    told.refresh_from_db()
    assert told.read_at is not None
    assert response.headers["Location"] == scene.version_page


def test_nobody_reads_the_notification_of_another(scene: Scene) -> None:
    told = mention(scene)
    follow = reverse("admin:console_notification_follow", args=[told.uuid])

    response = browser(scene.author).post(follow)

    told.refresh_from_db()
    assert (response.status_code, told.read_at) == (404, None)


def test_a_link_alone_marks_nothing_as_read(scene: Scene) -> None:
    told = mention(scene)

    browser(scene.deployer).get(reverse("admin:console_notification_follow", args=[told.uuid]))

    told.refresh_from_db()
    assert told.read_at is None


def test_all_are_marked_as_read_up_to_the_newest_that_was_shown(scene: Scene) -> None:
    told = mention(scene)

    browser(scene.deployer).post(
        reverse("admin:console_notifications_read_all", args=[told.uuid]), follow=True
    )

    older = Notification.objects.filter(user=told.user, pk__lte=told.pk)
    assert not older.filter(read_at__isnull=True).exists()


def test_an_asset_is_watched_once_and_no_more(scene: Scene) -> None:
    client = browser(scene.author)
    reference = factories.reference(scene.version).rpartition("/")[0]

    client.post(reverse("admin:console_watch"), {"asset": reference})
    again = client.post(reverse("admin:console_watch"), {"asset": reference}, follow=True)
    watch = Watch.objects.get(user=scene.author.user)
    client.post(reverse("admin:console_unwatch", args=[watch.uuid]))

    assert "You watch it already." in again.content.decode()
    assert not Watch.objects.exists()
