"""Tree paths (`ltree`) and exclusion constraints over keys and ranges (`btree_gist`)."""

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    operations = [CreateExtension("ltree"), BtreeGistExtension()]
