"""The province at whose agencies alone a person's rights lie, and what that province may do with the account.

A right that is given narrows it at once, in the database: whoever issues a code and whoever gives a right elsewhere
lock the same account, so that neither overtakes the other. Widening it again, after a right has ended, is the
application's, which knows the portal's time. On PostgreSQL a province reads those accounts, and issues codes for
them in its own name.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PLACE = "nullif(current_setting('ita.place', true), '')::integer"
ACCOUNT = "nullif(current_setting('ita.account', true), '')::integer"
EVERYBODY = ("ita_country", "ita_province", "ita_agency", "ita_assessor")
WRITE = "SELECT, INSERT, UPDATE, DELETE"
SYSTEM_ONLY = ("mail_code", "passkey", "recovery_code", "totp_secret")
NEW = (
    *SYSTEM_ONLY, "account_batch", "agency_contact", "lost_password", "people_setting", "province_contact",
    "slip_order",
)  # fmt: skip
#: people whose rights lie in the acting province alone
OWN_PEOPLE = f"account_id IN (SELECT id FROM account WHERE province_id = {PLACE})"
#: the columns of a code that a desk reads: never what the code is checked by
OF_A_CODE = "id, account_id, expires_at, issued_at, issued_by_id, province_id"
OF_THE_NEW_RIGHT = "(SELECT province_id FROM agency WHERE id = NEW.agency_id)"
NARROWED = (
    "UPDATE account SET province_id = CASE"
    ' WHEN NOT EXISTS (SELECT 1 FROM "grant" AS held WHERE held.account_id = NEW.account_id AND held.id <> NEW.id)'
    f" OR province_id = {OF_THE_NEW_RIGHT} THEN {OF_THE_NEW_RIGHT} END WHERE id = NEW.account_id"
)
MOVED = (
    "UPDATE account SET province_id = NULL WHERE id IN"
    ' (SELECT account_id FROM "grant" WHERE agency_id = NEW.id);'
    " UPDATE agency_contact SET province_id = NEW.province_id WHERE agency_id = NEW.id"
)


def upgrade() -> None:
    op.execute(
        'UPDATE account SET province_id = (SELECT max(a.province_id) FROM "grant" AS g JOIN agency AS a ON a.id = g.agency_id'
        ' WHERE g.account_id = account.id) WHERE 1 = (SELECT count(DISTINCT coalesce(a.province_id, 0)) FROM "grant" AS g'
        " LEFT JOIN agency AS a ON a.id = g.agency_id WHERE g.account_id = account.id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        _triggers_of_postgresql()
        _walls()
        return
    op.execute(f'CREATE TRIGGER grant_narrows AFTER INSERT ON "grant" BEGIN {NARROWED}; END')
    op.execute(
        "CREATE TRIGGER agency_moved AFTER UPDATE OF province_id ON agency"
        f" WHEN NEW.province_id <> OLD.province_id BEGIN {MOVED}; END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TRIGGER grant_narrows")
        op.execute("DROP TRIGGER agency_moved")
        return
    for table, trigger in (("grant", "grant_narrows"), ("agency", "agency_moved")):
        op.execute(f'DROP TRIGGER {trigger} ON "{table}"')
        op.execute(f"DROP FUNCTION {trigger}()")
    for role, act in (
        ("ita_country", "select"),
        ("ita_province", "select"),
        ("ita_province", "insert"),
        ("ita_province", "delete"),
    ):
        op.execute(f"DROP POLICY {role}_{act} ON activation_code")
    op.execute("REVOKE ALL ON activation_code FROM ita_country, ita_province")
    op.execute(f"REVOKE SELECT ({OF_A_CODE}) ON activation_code FROM ita_country, ita_province")
    for table, own in (("account", "id"), ("grant", "account_id")):
        op.execute(f'DROP POLICY ita_province_select ON "{table}"')
        _policy(table, "ita_province", "SELECT", using=f"{own} = {ACCOUNT}")


def _triggers_of_postgresql() -> None:
    for name, table, when, body in (
        ("grant_narrows", '"grant"', "AFTER INSERT", f"{NARROWED}; RETURN NEW;"),
        (
            "agency_moved",
            "agency",
            "AFTER UPDATE OF province_id",
            f"IF NEW.province_id <> OLD.province_id THEN {MOVED}; END IF; RETURN NEW;",
        ),
    ):
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
            f" SET search_path = public, pg_temp AS $$ BEGIN {body} END $$"
        )
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _walls() -> None:
    for table in NEW:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO ita_system, " + ", ".join(EVERYBODY))
        _all(table, "ita_system", "true")
    _accounts_of_a_province()
    _codes()
    for table in ("people_setting", "province_contact"):
        for role in ("ita_none", *EVERYBODY[1:]):
            op.execute(f"GRANT SELECT ON {table} TO {role}")
            _policy(table, role, "SELECT", using="true")
        _all(table, "ita_country", "true")
    op.execute("GRANT INSERT, UPDATE ON province_contact TO ita_province")
    own = f"province_id = {PLACE}"
    _policy("province_contact", "ita_province", "INSERT", check=own)
    _policy("province_contact", "ita_province", "UPDATE", using=own, check=own)
    _all("agency_contact", "ita_country", "true")
    _all("agency_contact", "ita_province", own)
    _all("agency_contact", "ita_agency", f"agency_id = {PLACE}")
    assigned = f"agency_id IN (SELECT agency_id FROM assignment WHERE body_id = {PLACE})"
    op.execute("GRANT SELECT ON agency_contact TO ita_assessor")
    _policy("agency_contact", "ita_assessor", "SELECT", using=assigned)
    _all("account_batch", "ita_country", "true")
    _all("account_batch", "ita_province", own)
    for role in EVERYBODY:
        _all("slip_order", role, f"account_id = {ACCOUNT}")
    _lost_passwords()


def _accounts_of_a_province() -> None:
    for table, own in (
        ("account", f"id = {ACCOUNT} OR province_id = {PLACE}"),
        ("grant", f"account_id = {ACCOUNT} OR {OWN_PEOPLE}"),
    ):
        op.execute(f'DROP POLICY ita_province_select ON "{table}"')
        _policy(table, "ita_province", "SELECT", using=own)


def _codes() -> None:
    for role, rows in (("ita_country", "true"), ("ita_province", OWN_PEOPLE)):
        op.execute(f"GRANT SELECT ({OF_A_CODE}) ON activation_code TO {role}")
        _policy("activation_code", role, "SELECT", using=rows)
    op.execute("GRANT INSERT, DELETE ON activation_code TO ita_province")
    issued = f"{OWN_PEOPLE} AND province_id = {PLACE} AND issued_by_id = {ACCOUNT}"
    _policy("activation_code", "ita_province", "INSERT", check=issued)
    _policy("activation_code", "ita_province", "DELETE", using=OWN_PEOPLE)


def _lost_passwords() -> None:
    op.execute("GRANT SELECT, UPDATE ON lost_password TO ita_country, ita_province")
    for role, rows in (("ita_country", "true"), ("ita_province", OWN_PEOPLE)):
        _policy("lost_password", role, "SELECT", using=rows)
        _policy("lost_password", role, "UPDATE", using=rows, check=rows)


def _all(table: str, role: str, rows: str) -> None:
    op.execute(f"GRANT {WRITE} ON {table} TO {role}")
    _policy(table, role, "ALL", using=rows, check=rows)


def _policy(table: str, role: str, act: str, *, using: str = "", check: str = "") -> None:
    rule = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    op.execute(f'CREATE POLICY {role}_{act.lower()} ON "{table}" FOR {act} TO {role}{rule}')
