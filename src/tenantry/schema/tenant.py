"""Tenants, and the installation's directory of who may sign in where."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.schema.base import (
    ID,
    choice,
    country,
    currency,
    flag,
    local_table,
    moment,
    ref,
    shared_table,
    tenant_table,
    text,
    version,
)

tenant = shared_table(
    "tenant",
    sa.Column("id", ID, primary_key=True, comment="The tenant's id: the tenant_id of everything it owns."),
    sa.Column(
        "parent_id", ID, sa.ForeignKey("tenant.id"), nullable=True, comment="The tenant it buys from; none for the top."
    ),
    text("name", "Name of the organisation."),
    sa.Column("code", sa.Text, nullable=False, unique=True, comment="Short name, as the CLI and the sign-in use it."),
    choice("kind", "distributor reseller", "Its role: sells through others, or buys from above and sells below."),
    choice("edition", "basic premium", "basic: back office only; premium: storefront too.", default="basic"),
    text("street", "Street of its office, as its documents name it."),
    text("postcode", "Post code there."),
    text("city", "City there."),
    country("country", "Its country, ISO 3166-1 alpha-2; empty when not known."),
    text("vat_number", "Its VAT number, as its documents name it."),
    text("email", "E-mail that its documents name."),
    text("phone", "Telephone that its documents name."),
    text("website", "Website that its documents name."),
    text("language", "BCP 47 tag of its language."),
    text("time_zone", "IANA name of its time zone."),
    text("date_format", "How it writes dates: a CLDR pattern such as dd/MM/yyyy, or empty for the language's own."),
    currency("default_currency", "Currency of records that name none."),
    sa.Column(
        "billing_day",
        sa.SmallInteger,
        nullable=False,
        server_default=sa.text("1"),
        comment="Day of month, 1 to 28, for new accounts.",
    ),
    sa.Column("admin_user_id", ID, nullable=True, comment="The admin user made at its creation."),
    sa.Column("common_rule_id", ID, nullable=True, comment="The common permission rule made at its creation."),
    sa.Column("reseller_account_id", ID, nullable=True, comment="The account it is in its parent's tenant."),
    moment("live_at", "When back ordering was activated; a top tenant needs none."),
    flag("credit_checked_above", "Somebody above checks credit before anything is provisioned here (UP-47)."),
    moment("suspended_at", "When its parent suspended it: its users look, and change nothing (TEN-07)."),
    moment("closed_at", "When its parent closed it, for good: nobody signs in any more (TEN-07)."),
    moment("created_at", "When it was made.", needed=True),
    version(),
    sa.Index(None, "parent_id"),
)

tenant_currency = tenant_table(
    "tenant_currency",
    currency("currency", "A currency activated for this tenant (ISO 4217)."),
    sa.UniqueConstraint("tenant_id", "currency"),
)

counter = tenant_table(
    "counter",
    sa.Column(
        "next", sa.BigInteger, nullable=False, server_default=sa.text("1"), comment="The next number to be given."
    ),
    sa.Column("name", sa.Text, nullable=False, comment="What it numbers: account, order, handover."),
    sa.UniqueConstraint("tenant_id", "name"),
)

tenant_user = tenant_table(
    "tenant_user",
    text("email", "E-mail he signs in with, in small letters."),
    text("name", "His name."),
    sa.Column(
        "password_hash",
        sa.Text,
        nullable=False,
        server_default=sa.text("''"),
        comment="Argon2id; empty until he has set one.",
    ),
    sa.Column(
        "second_factor",
        sa.Text,
        nullable=True,
        comment="TOTP secret, sealed with the installation's key; none when off.",
    ),
    sa.Column(
        "second_factor_step",
        sa.BigInteger,
        nullable=True,
        comment="The half-minute of the last code that was taken, so that none is taken twice.",
    ),
    sa.Column(
        "sign_on_subject",
        sa.Text,
        nullable=True,
        comment="Issuer and subject of his OIDC identity, when he signed in with one.",
    ),
    choice("status", "active blocked", "Whether he may sign in.", default="active"),
    text("language", "BCP 47 tag; empty for the tenant's."),
    choice("theme", "auto light dark", "How pages look.", default="auto"),
    moment("created_at", "When he was made.", needed=True),
    version(),
    sa.UniqueConstraint("tenant_id", "email"),
)

role = tenant_table(
    "role",
    text("name", "Name of the role."),
    sa.Column(
        "permissions",
        JSONB,
        nullable=False,
        server_default=sa.text("'[]'::jsonb"),
        comment="area:verb words; * for all.",
    ),
    version(),
    sa.UniqueConstraint("tenant_id", "name"),
)

user_role = tenant_table(
    "user_role",
    *ref("user_id", "tenant_user", "Who holds it.", needed=True),
    *ref("role_id", "role", "Which role.", needed=True, index=True),
    sa.UniqueConstraint("tenant_id", "user_id", "role_id"),
)

user_group = tenant_table(
    "user_group",
    text("name", "Name of the group."),
    version(),
    sa.UniqueConstraint("tenant_id", "name"),
)

user_group_member = tenant_table(
    "user_group_member",
    *ref("group_id", "user_group", "Which group.", needed=True),
    *ref("user_id", "tenant_user", "Who is in it.", needed=True, index=True),
    sa.UniqueConstraint("tenant_id", "group_id", "user_id"),
)

permission_rule = tenant_table(
    "permission_rule",
    text("name", "Name of the rule."),
    version(),
    sa.UniqueConstraint("tenant_id", "name"),
)

permission_grant = tenant_table(
    "permission_grant",
    *ref("rule_id", "permission_rule", "Which rule.", needed=True, index=True),
    *ref("user_id", "tenant_user", "A user it names; none for a group or everyone."),
    *ref("group_id", "user_group", "A group it names; none for a user or everyone."),
    choice("access", "read edit full", "How much of the record it gives."),
    sa.CheckConstraint("num_nonnulls(user_id, group_id) <= 1", name="one_name"),
)

permission_default = tenant_table(
    "permission_default",
    choice("entity", "account contact order subscription asset activity opportunity offer", "Records of this kind ..."),
    *ref("rule_id", "permission_rule", "... get this rule unless another is chosen.", needed=True),
    sa.UniqueConstraint("tenant_id", "entity"),
)

api_option = tenant_table(
    "api_option",
    choice("entity", "account contact order subscription asset", "Records of this kind that the system creates ..."),
    *ref("responsible_user_id", "tenant_user", "... get this responsible user,"),
    *ref("permission_rule_id", "permission_rule", "and this permission rule."),
    version(),
    sa.UniqueConstraint("tenant_id", "entity"),
)

custom_field = tenant_table(
    "custom_field",
    choice("entity", "account contact order subscription", "Records that have the field."),
    text("name", "Its name in the API: small letters, digits, underscores."),
    text("label", "Its name on the screen."),
    choice("type", "text number date choice yes_no", "What it holds."),
    flag("compulsory", "Whether it must be filled."),
    sa.Column("default_value", JSONB, nullable=True, comment="Value of new records."),
    sa.Column("choices", JSONB, nullable=False, server_default=sa.text("'[]'::jsonb"), comment="What can be chosen."),
    text("group", "Heading it stands under."),
    sa.Column("position", sa.Integer, nullable=False, server_default=sa.text("0"), comment="Order under its heading."),
    version(),
    sa.UniqueConstraint("tenant_id", "entity", "name"),
)

api_token = tenant_table(
    "api_token",
    *ref("user_id", "tenant_user", "For whom it acts.", needed=True, index=True),
    text("name", "What it is for."),
    choice("kind", "token client", "A bearer token, or an OAuth client's secret.", default="token"),
    sa.Column(
        "secret_hash", sa.Text, nullable=False, comment="SHA-256 of the secret; the secret itself is shown once."
    ),
    sa.Column(
        "scopes",
        JSONB,
        nullable=False,
        server_default=sa.text("'[]'::jsonb"),
        comment="area:verb words it is limited to; * for the user's.",
    ),
    sa.Column("client_id", ID, nullable=True, comment="The OAuth client that a short-lived token was given to."),
    moment("expires_at", "When it ends."),
    moment("revoked_at", "When it was revoked."),
    moment("last_used_at", "When it was last used, to the minute."),
    moment("created_at", "When it was made.", needed=True),
    sa.UniqueConstraint("tenant_id", "secret_hash"),
)

invitation = tenant_table(
    "invitation",
    *ref("user_id", "tenant_user", "Who may set a password with it.", needed=True, index=True),
    sa.Column(
        "secret_hash", sa.Text, nullable=False, comment="SHA-256 of the link's secret; the secret itself is shown once."
    ),
    moment("expires_at", "When it ends.", needed=True),
    moment("created_at", "When it was made.", needed=True),
    sa.UniqueConstraint("tenant_id", "secret_hash"),
)

recovery_code = tenant_table(
    "recovery_code",
    *ref("user_id", "tenant_user", "Who may sign in with it when his second factor is lost.", needed=True),
    sa.Column("secret_hash", sa.Text, nullable=False, comment="Keyed hash of the code; it is gone once it was used."),
    sa.UniqueConstraint("tenant_id", "user_id", "secret_hash"),
)

audit_line = tenant_table(
    "audit_line",
    moment("at", "When.", needed=True),
    sa.Column("actor_id", ID, nullable=True, comment="Who; none for the system."),
    text("actor", "His name then."),
    text("act", "What he did: area.verb."),
    text("sentence", "The same as a sentence.", long=True),
    sa.Column("subject_id", ID, nullable=True, comment="To what."),
    sa.Column(
        "details",
        JSONB,
        nullable=False,
        server_default=sa.text("'{}'::jsonb"),
        comment="Before and after, without secrets.",
    ),
    sa.Index(None, "tenant_id", "at"),
)

idempotency = tenant_table(
    "idempotency",
    sa.Column("user_id", ID, nullable=True, comment="Whose key."),
    text("key", "The Idempotency-Key header."),
    text("request", "Method and path it was used for."),
    sa.Column(
        "body_hash",
        sa.Text,
        nullable=False,
        comment="SHA-256 of the body, so that another request under the same key is refused.",
    ),
    sa.Column("status", sa.SmallInteger, nullable=True, comment="HTTP status of the kept answer; none while it runs."),
    sa.Column("answer", JSONB, nullable=True, comment="The kept answer."),
    sa.Column(
        "headers", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb"), comment="Headers of the kept answer."
    ),
    moment("created_at", "When; kept a day.", needed=True),
    sa.UniqueConstraint("tenant_id", "user_id", "key", postgresql_nulls_not_distinct=True),
)

sign_in_directory = local_table(
    "sign_in_directory",
    sa.Column(
        "email_hash",
        sa.Text,
        nullable=False,
        comment="SHA-256 of the e-mail in small letters, with the installation's key.",
    ),
    sa.Column("tenant_id", ID, nullable=False, comment="Where such a user is."),
    sa.Column("user_id", ID, nullable=False, comment="Which user."),
    sa.PrimaryKeyConstraint("email_hash", "tenant_id"),
)

sign_on = tenant_table(
    "sign_on",
    text("name", "Name of the provider, as the sign-in page shows it."),
    text("issuer", "The provider's issuer address, as its discovery document and its tokens name it."),
    text("client_id", "Name under which the provider knows this organisation's Tenantry."),
    sa.Column(
        "sealed_secret",
        sa.Text,
        nullable=False,
        comment="Client secret, sealed with the installation's key; never shown again.",
    ),
    sa.Column("domains", JSONB, nullable=False, comment="E-mail domains whose users may sign in with it."),
    flag("passwords_allowed", "Whether who is no administrator may sign in with a password too.", default=True),
    version(),
    sa.UniqueConstraint("tenant_id"),
)

sign_on_directory = local_table(
    "sign_on_directory",
    sa.Column(
        "key_hash",
        sa.Text,
        nullable=False,
        comment="SHA-256 of a short name, or of an e-mail domain, in small letters, with the installation's key.",
    ),
    sa.Column("tenant_id", ID, nullable=False, comment="Whose single sign-on is found by it."),
    sa.PrimaryKeyConstraint("key_hash", "tenant_id"),
)

session = local_table(
    "session",
    sa.Column("id", ID, primary_key=True, comment="The session, as the list of sessions names it."),
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True, comment="SHA-256 of the cookie's secret."),
    sa.Column("tenant_id", ID, nullable=False, comment="Tenant signed in to."),
    sa.Column("user_id", ID, nullable=False, comment="Who is signed in."),
    moment("created_at", "When he signed in.", needed=True),
    moment("seen_at", "When he was last seen, to the minute.", needed=True),
    moment("expires_at", "When it ends.", needed=True),
    sa.Index(None, "tenant_id", "user_id"),
)

sign_in_attempt = local_table(
    "sign_in_attempt",
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True, comment="One try."),
    sa.Column("key_hash", sa.Text, nullable=False, comment="SHA-256 of the e-mail or the address tried."),
    moment("at", "When.", needed=True),
    sa.Index(None, "key_hash", "at"),
)
