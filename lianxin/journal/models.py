from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GistIndex
from django.db import models
from django.db.models.functions import Now

from lianxin.base.paths import PathField


class Entry(models.Model):
    """One deed. Rows are never changed or deleted: a trigger refuses both.

    Actor and subject are ids and names, not foreign keys, so that the journal outlives what it speaks of.
    `at` is the time of the domain (a half-year may be simulated), `written_at` the database's own clock.
    """

    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)
    for_person_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_name = models.CharField(max_length=120)
    scope = PathField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="entries_of_a_subject"),
            models.Index(fields=["actor_id", "id"], name="entries_of_an_actor"),
            models.Index(fields=["at"], name="entries_by_moment"),
            models.Index(fields=["for_person_id", "-id"], name="looks", condition=models.Q(name="people.looked")),
            GistIndex(fields=["scope"], name="entries_under_a_scope"),
            BrinIndex(fields=["written_at"], name="entries_by_real_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_type} {self.subject_id}"


class Seal(models.Model):
    """A link of the chain: `digest` (SHA-256) covers the entries listed and the digest of the link before.

    `settled`: up to this key every entry stands under this seal or one before it, and no other can appear any more.
    """

    entries = ArrayField(models.BigIntegerField())
    settled = models.BigIntegerField(default=0)
    previous = models.OneToOneField("self", models.PROTECT, null=True)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(db_default=Now(), editable=False)


class Sealing(models.Model):
    """Which seal covers an entry; what has no row here is still to be sealed."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True)
    seal = models.ForeignKey(Seal, models.PROTECT, db_index=False)
