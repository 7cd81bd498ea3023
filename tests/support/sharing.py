"""Rows that tests of a module or a folder share: costly to make, and undone by each to the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction
from pytest_django import DjangoDbBlocker

T = TypeVar("T")


@contextmanager
def shared_rows(make: Callable[[], T], blocker: DjangoDbBlocker) -> Iterator[T]:
    """Give what ``make`` returns; its rows are there until the end, in an open transaction.

    A test that uses the fixture `db` runs inside of it and rolls back to it.
    """
    with blocker.unblock():
        around: Any = transaction.atomic()
        # As Django marks its own: code that insists on no transaction around it runs inside.
        around._from_testcase = True
        around.__enter__()
    try:
        with blocker.unblock():
            made = make()
        yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
