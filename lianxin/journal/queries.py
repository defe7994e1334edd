"""Questions to the journal."""

from typing import Any

from django.db import models

from lianxin.journal.models import Entry, Sealing


def entries_about(subject: models.Model) -> "models.QuerySet[Entry, Entry]":
    """What happened to this row, oldest first."""
    return Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("pk")


def all_entries() -> "models.QuerySet[Entry, Entry]":
    """Everything, also what belongs to no place (signing in, accounts, parameters), newest first; for the auditor."""
    return Entry.objects.order_by("-pk")


def entries_under(paths: list[str], **narrowed: Any) -> "models.QuerySet[Entry, Entry]":
    """What happened below any of these paths, newest first."""
    return Entry.objects.filter(scope__under_any=paths, **narrowed).order_by("-pk")


def with_seal(entries: "models.QuerySet[Entry, Entry]") -> "models.QuerySet[Entry, Entry]":
    """Annotated with `is_sealed`: whether the entry already stands under a seal."""
    return entries.annotate(is_sealed=models.Exists(Sealing.objects.filter(entry=models.OuterRef("pk"))))
