from __future__ import annotations

from django.urls import reverse

from core.models import JournalEntry
from registry.models import Assignment, Comment, CommentText
from registry.services import assignments, comments
from tests import factories
from tests.console.pages import Scene, browser


def address(scene: Scene, verb: str = "comment") -> str:
    return reverse(f"admin:console_{verb}", args=["version", scene.version.uuid])


def say(scene: Scene, text: str, **more: object) -> Comment:
    about = {"version": factories.reference(scene.version)}
    return comments.add(actor=scene.author, about=about, text=text, **more)  # type: ignore[arg-type]


def test_a_comment_on_the_page_is_stored_and_shown(scene: Scene) -> None:
    client = browser(scene.author)

    response = client.post(address(scene), {"text": "Trained on **too little** data."}, follow=True)

    assert response.redirect_chain[0][0] == f"{scene.version_page}#mu-talk"
    assert "<strong>too little</strong>" in response.content.decode()
    assert JournalEntry.objects.filter(action="registry.comment.added").count() == 1


def test_a_reply_stands_under_what_it_answers(scene: Scene) -> None:
    first = say(scene, "Why?")

    browser(scene.author).post(address(scene), {"text": "Because.", "parent": str(first.uuid)})

    talk = browser(scene.author).get(scene.version_page).context["talk"]
    assert [len(remark.replies) for remark in talk.threads] == [1]


def test_nothing_in_a_comment_becomes_a_tag_or_a_script_link(scene: Scene) -> None:
    say(
        scene,
        "<script>alert(1)</script> <img src=x onerror=alert(1)> [go](javascript:alert(1))"
        " ![pixel](https://elsewhere.example/p.png) [fine](https://good.example/)",
    )

    shown = browser(scene.author).get(scene.version_page).content.decode()

    assert "<script>alert(1)" not in shown
    assert "<img src=x" not in shown
    assert 'href="javascript:' not in shown
    assert 'src="https://elsewhere.example' not in shown
    assert 'href="https://good.example/" rel="nofollow noopener noreferrer"' in shown


def test_an_edit_says_which_words_it_replaces(scene: Scene) -> None:
    comment = say(scene, "One.")
    form = reverse("admin:console_comment_edit", args=[comment.uuid])
    client = browser(scene.author)
    client.post(form, {"text": "Two.", "expected": "1"})

    stale = client.post(form, {"text": "Three.", "expected": "1"})

    assert "has changed since" in stale.content.decode()
    newest = CommentText.objects.get(revision__comment=comment, revision__number=2)
    assert newest.text == "Two."


def test_words_that_were_taken_away_are_shown_no_more(scene: Scene) -> None:
    comment = say(scene, "Something private.")

    browser(scene.author).post(
        reverse("admin:console_comment_redact", args=[comment.uuid]), {"reason": "Private."}
    )

    shown = browser(scene.author).get(scene.version_page).content.decode()
    assert "Something private." not in shown
    assert "took the words of this comment away" in shown


def test_an_outsider_cannot_comment(scene: Scene) -> None:
    response = browser(scene.outsider).post(address(scene), {"text": "Hello."})

    assert response.status_code == 404
    assert not Comment.objects.exists()


def test_work_is_asked_for_and_closed_on_forms(scene: Scene) -> None:
    reviewer = factories.member(scene.source, "author")
    assert reviewer.user is not None
    form = {"kind": "review", "assignee": reviewer.user.username, "note": "Look at the card."}
    browser(scene.author).post(address(scene, "assign"), form)
    made = Assignment.objects.get()
    listed = browser(reviewer).get(reverse("admin:console_notifications"))

    browser(reviewer).post(
        reverse("admin:console_assignment_close", args=[made.uuid]), {"outcome": "done"}
    )

    made.refresh_from_db()
    assert [each.pk for each, _, _ in listed.context["assignments"]] == [made.pk]
    assert made.outcome == "done"


def test_the_work_of_others_cannot_be_closed_from_outside(scene: Scene) -> None:
    assert scene.author.user is not None
    about = {"version": factories.reference(scene.version)}
    made = assignments.assign(
        actor=scene.author, about=about, kind="task", assignee=scene.author.user.username
    )

    response = browser(scene.outsider).post(
        reverse("admin:console_assignment_close", args=[made.uuid]), {"outcome": "done"}
    )

    made.refresh_from_db()
    assert (response.status_code, made.outcome) == (404, None)
