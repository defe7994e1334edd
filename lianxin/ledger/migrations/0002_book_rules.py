"""Transfers are append-only, and both accounts of a transfer count its unit."""

from django.db import migrations

HOLD = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
ALTER TABLE ledger_transfer
    ADD CONSTRAINT source_counts_the_unit FOREIGN KEY (source_id, unit) REFERENCES ledger_account (id, unit),
    ADD CONSTRAINT target_counts_the_unit FOREIGN KEY (target_id, unit) REFERENCES ledger_account (id, unit);
"""
LOOSEN = """
ALTER TABLE ledger_transfer DROP CONSTRAINT source_counts_the_unit, DROP CONSTRAINT target_counts_the_unit;
DROP TRIGGER append_only ON ledger_transfer;
DROP FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_schema")]
    operations = [migrations.RunSQL(HOLD, LOOSEN)]
