CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE audit_line (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	actor_id UUID, 
	actor TEXT DEFAULT '' NOT NULL CONSTRAINT audit_line_actor_length_check CHECK (char_length("actor") <= 320), 
	act TEXT DEFAULT '' NOT NULL CONSTRAINT audit_line_act_length_check CHECK (char_length("act") <= 320), 
	sentence TEXT DEFAULT '' NOT NULL CONSTRAINT audit_line_sentence_length_check CHECK (char_length("sentence") <= 20000), 
	subject_id UUID, 
	details JSONB DEFAULT '{}'::jsonb NOT NULL, 
	CONSTRAINT audit_line_pkey PRIMARY KEY (tenant_id, id)
);

CREATE INDEX audit_line_tenant_id_at_idx ON audit_line (tenant_id, at);

COMMENT ON COLUMN audit_line.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN audit_line.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN audit_line.at IS 'When.';

COMMENT ON COLUMN audit_line.actor_id IS 'Who; none for the system.';

COMMENT ON COLUMN audit_line.actor IS 'His name then.';

COMMENT ON COLUMN audit_line.act IS 'What he did: area.verb.';

COMMENT ON COLUMN audit_line.sentence IS 'The same as a sentence.';

COMMENT ON COLUMN audit_line.subject_id IS 'To what.';

COMMENT ON COLUMN audit_line.details IS 'Before and after, without secrets.';

CREATE TABLE counter (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	next BIGINT DEFAULT 1 NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT counter_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT counter_tenant_id_name_key UNIQUE (tenant_id, name)
);

COMMENT ON COLUMN counter.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN counter.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN counter.next IS 'The next number to be given.';

COMMENT ON COLUMN counter.name IS 'What it numbers: account, order, handover.';

CREATE TABLE custom_field (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	entity TEXT NOT NULL CONSTRAINT custom_field_entity_known_check CHECK ("entity" IN ('account', 'contact', 'order', 'subscription')), 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT custom_field_name_length_check CHECK (char_length("name") <= 320), 
	label TEXT DEFAULT '' NOT NULL CONSTRAINT custom_field_label_length_check CHECK (char_length("label") <= 320), 
	type TEXT NOT NULL CONSTRAINT custom_field_type_known_check CHECK ("type" IN ('text', 'number', 'date', 'choice', 'yes_no')), 
	compulsory BOOLEAN DEFAULT false NOT NULL, 
	default_value JSONB, 
	choices JSONB DEFAULT '[]'::jsonb NOT NULL, 
	"group" TEXT DEFAULT '' NOT NULL CONSTRAINT custom_field_group_length_check CHECK (char_length("group") <= 320), 
	position INTEGER DEFAULT 0 NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT custom_field_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT custom_field_tenant_id_entity_name_key UNIQUE (tenant_id, entity, name)
);

COMMENT ON COLUMN custom_field.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN custom_field.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN custom_field.entity IS 'Records that have the field.';

COMMENT ON COLUMN custom_field.name IS 'Its name in the API: small letters, digits, underscores.';

COMMENT ON COLUMN custom_field.label IS 'Its name on the screen.';

COMMENT ON COLUMN custom_field.type IS 'What it holds.';

COMMENT ON COLUMN custom_field.compulsory IS 'Whether it must be filled.';

COMMENT ON COLUMN custom_field.default_value IS 'Value of new records.';

COMMENT ON COLUMN custom_field.choices IS 'What can be chosen.';

COMMENT ON COLUMN custom_field."group" IS 'Heading it stands under.';

COMMENT ON COLUMN custom_field.position IS 'Order under its heading.';

COMMENT ON COLUMN custom_field.version IS '1 when made, one more with every change.';

CREATE TABLE handover_claim (
	subject_id UUID NOT NULL, 
	tenant_id UUID NOT NULL, 
	handover_id UUID NOT NULL, 
	CONSTRAINT handover_claim_pkey PRIMARY KEY (subject_id)
);

CREATE INDEX handover_claim_handover_id_idx ON handover_claim (handover_id);

COMMENT ON COLUMN handover_claim.subject_id IS 'The account, whose one id makes the claim hold in every tenant.';

COMMENT ON COLUMN handover_claim.tenant_id IS 'Tenant of the handover.';

COMMENT ON COLUMN handover_claim.handover_id IS 'The handover that holds it.';

CREATE TABLE handover_tenant (
	handover_id UUID NOT NULL, 
	tenant_id UUID NOT NULL, 
	CONSTRAINT handover_tenant_pkey PRIMARY KEY (handover_id, tenant_id)
);

COMMENT ON COLUMN handover_tenant.handover_id IS 'Which handover.';

COMMENT ON COLUMN handover_tenant.tenant_id IS 'A tenant it may touch: giver, taker, and those between.';

CREATE TABLE history_line (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	entity TEXT NOT NULL CONSTRAINT history_line_entity_known_check CHECK ("entity" IN ('account', 'contact', 'order', 'subscription', 'asset', 'offer', 'opportunity', 'product', 'plan', 'price_list', 'promotion', 'activity', 'tenant_reseller', 'invoice')), 
	subject_id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	actor_id UUID, 
	actor TEXT DEFAULT '' NOT NULL CONSTRAINT history_line_actor_length_check CHECK (char_length("actor") <= 320), 
	sentence TEXT DEFAULT '' NOT NULL CONSTRAINT history_line_sentence_length_check CHECK (char_length("sentence") <= 20000), 
	changes JSONB, 
	handover_id UUID, 
	CONSTRAINT history_line_pkey PRIMARY KEY (tenant_id, id)
);

CREATE INDEX history_line_tenant_id_subject_id_at_idx ON history_line (tenant_id, subject_id, at);

COMMENT ON COLUMN history_line.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN history_line.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN history_line.entity IS 'Kind of the record it is about.';

COMMENT ON COLUMN history_line.subject_id IS 'The record it is about.';

COMMENT ON COLUMN history_line.at IS 'When it happened.';

COMMENT ON COLUMN history_line.actor_id IS 'Who did it; none for the system.';

COMMENT ON COLUMN history_line.actor IS 'His name then.';

COMMENT ON COLUMN history_line.sentence IS 'What happened, as one sentence.';

COMMENT ON COLUMN history_line.changes IS 'For edits, field by field: before and after.';

COMMENT ON COLUMN history_line.handover_id IS 'The handover that did it.';

CREATE TABLE idempotency (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	user_id UUID, 
	key TEXT DEFAULT '' NOT NULL CONSTRAINT idempotency_key_length_check CHECK (char_length("key") <= 320), 
	request TEXT DEFAULT '' NOT NULL CONSTRAINT idempotency_request_length_check CHECK (char_length("request") <= 320), 
	body_hash TEXT NOT NULL, 
	status SMALLINT, 
	answer JSONB, 
	headers JSONB DEFAULT '{}'::jsonb NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT idempotency_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT idempotency_tenant_id_user_id_key_key UNIQUE NULLS NOT DISTINCT (tenant_id, user_id, key)
);

COMMENT ON COLUMN idempotency.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN idempotency.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN idempotency.user_id IS 'Whose key.';

COMMENT ON COLUMN idempotency.key IS 'The Idempotency-Key header.';

COMMENT ON COLUMN idempotency.request IS 'Method and path it was used for.';

COMMENT ON COLUMN idempotency.body_hash IS 'SHA-256 of the body, so that another request under the same key is refused.';

COMMENT ON COLUMN idempotency.status IS 'HTTP status of the kept answer; none while it runs.';

COMMENT ON COLUMN idempotency.answer IS 'The kept answer.';

COMMENT ON COLUMN idempotency.headers IS 'Headers of the kept answer.';

COMMENT ON COLUMN idempotency.created_at IS 'When; kept a day.';

CREATE TABLE import (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT import_kind_known_check CHECK ("kind" IN ('accounts', 'products', 'prices', 'subscriptions')), 
	status TEXT DEFAULT 'planned' NOT NULL CONSTRAINT import_status_known_check CHECK ("status" IN ('reading', 'planned', 'running', 'completed', 'failed', 'cancelled')), 
	file_name TEXT DEFAULT '' NOT NULL CONSTRAINT import_file_name_length_check CHECK (char_length("file_name") <= 320), 
	format TEXT DEFAULT '' NOT NULL CONSTRAINT import_format_length_check CHECK (char_length("format") <= 320), 
	columns JSONB DEFAULT '[]'::jsonb NOT NULL, 
	mapping JSONB DEFAULT '{}'::jsonb NOT NULL, 
	options JSONB DEFAULT '{}'::jsonb NOT NULL, 
	counts JSONB DEFAULT '{}'::jsonb NOT NULL, 
	file_hash TEXT DEFAULT '' NOT NULL, 
	findings JSONB DEFAULT '[]'::jsonb NOT NULL, 
	digest TEXT, 
	total INTEGER DEFAULT 0 NOT NULL, 
	position INTEGER DEFAULT 0 NOT NULL, 
	problem TEXT DEFAULT '' NOT NULL CONSTRAINT import_problem_length_check CHECK (char_length("problem") <= 320), 
	done INTEGER DEFAULT 0 NOT NULL, 
	created_by UUID, 
	created_by_name TEXT DEFAULT '' NOT NULL CONSTRAINT import_created_by_name_length_check CHECK (char_length("created_by_name") <= 320), 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	confirmed_by UUID, 
	confirmed_by_name TEXT DEFAULT '' NOT NULL CONSTRAINT import_confirmed_by_name_length_check CHECK (char_length("confirmed_by_name") <= 320), 
	confirmed_at TIMESTAMP WITH TIME ZONE, 
	completed_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT import_pkey PRIMARY KEY (tenant_id, id)
);

COMMENT ON COLUMN import.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN import.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN import.kind IS 'What the rows are.';

COMMENT ON COLUMN import.status IS 'Where it stands.';

COMMENT ON COLUMN import.file_name IS 'Name of the file, as it was given.';

COMMENT ON COLUMN import.format IS 'How it was read: csv or xlsx, encoding, delimiter, sheet.';

COMMENT ON COLUMN import.columns IS 'Headings of the file, in order.';

COMMENT ON COLUMN import.mapping IS 'Heading -> field, matched by name or by hand.';

COMMENT ON COLUMN import.options IS 'Defaults for what the file lacks.';

COMMENT ON COLUMN import.counts IS 'Rows by verdict.';

COMMENT ON COLUMN import.file_hash IS 'SHA-256 of the file.';

COMMENT ON COLUMN import.findings IS 'What was found, by code: message, rule, way out, rows.';

COMMENT ON COLUMN import.digest IS 'SHA-256 over file, mapping and options: what is confirmed.';

COMMENT ON COLUMN import.total IS 'Rows to be brought in, once confirmed.';

COMMENT ON COLUMN import.position IS 'Last line of the last committed batch.';

COMMENT ON COLUMN import.problem IS 'Why it failed.';

COMMENT ON COLUMN import.done IS 'Rows brought in so far.';

COMMENT ON COLUMN import.created_by IS 'Who brought the file.';

COMMENT ON COLUMN import.created_by_name IS 'His name then.';

COMMENT ON COLUMN import.created_at IS 'When it was brought.';

COMMENT ON COLUMN import.confirmed_by IS 'Who confirmed it; the records are his doing.';

COMMENT ON COLUMN import.confirmed_by_name IS 'His name then.';

COMMENT ON COLUMN import.confirmed_at IS 'When it was confirmed.';

COMMENT ON COLUMN import.completed_at IS 'When it was complete.';

COMMENT ON COLUMN import.version IS '1 when made, one more with every change.';

CREATE TABLE invoice_run (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	status TEXT DEFAULT 'running' NOT NULL CONSTRAINT invoice_run_status_known_check CHECK ("status" IN ('running', 'completed', 'cancelled', 'failed')), 
	up_to DATE NOT NULL, 
	chosen JSONB, 
	total INTEGER DEFAULT 0 NOT NULL, 
	done INTEGER DEFAULT 0 NOT NULL, 
	position UUID, 
	invoices INTEGER DEFAULT 0 NOT NULL, 
	charges INTEGER DEFAULT 0 NOT NULL, 
	held_back INTEGER DEFAULT 0 NOT NULL, 
	sums JSONB DEFAULT '{}'::jsonb NOT NULL, 
	problem TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_run_problem_length_check CHECK (char_length("problem") <= 320), 
	created_by UUID, 
	created_by_name TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_run_created_by_name_length_check CHECK (char_length("created_by_name") <= 320), 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	completed_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT invoice_run_pkey PRIMARY KEY (tenant_id, id)
);

COMMENT ON COLUMN invoice_run.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN invoice_run.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN invoice_run.status IS 'Where it stands.';

COMMENT ON COLUMN invoice_run.up_to IS 'What is due up to this day is invoiced.';

COMMENT ON COLUMN invoice_run.chosen IS 'Ids of the accounts it is for; none: all.';

COMMENT ON COLUMN invoice_run.total IS 'How many payers there are.';

COMMENT ON COLUMN invoice_run.done IS 'How many of them are done.';

COMMENT ON COLUMN invoice_run.position IS 'The last payer that is done; they go by id.';

COMMENT ON COLUMN invoice_run.invoices IS 'Invoices made so far.';

COMMENT ON COLUMN invoice_run.charges IS 'Charges on them.';

COMMENT ON COLUMN invoice_run.held_back IS 'Sums below nothing that were left to wait.';

COMMENT ON COLUMN invoice_run.sums IS 'What they come to, by currency.';

COMMENT ON COLUMN invoice_run.problem IS 'Why it failed.';

COMMENT ON COLUMN invoice_run.created_by IS 'Who agreed to it; the invoices are his doing.';

COMMENT ON COLUMN invoice_run.created_by_name IS 'His name then.';

COMMENT ON COLUMN invoice_run.created_at IS 'When; what is charged later waits for the next run.';

COMMENT ON COLUMN invoice_run.completed_at IS 'When it ended.';

COMMENT ON COLUMN invoice_run.version IS '1 when made, one more with every change.';

CREATE TABLE invoice_series (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_series_name_length_check CHECK (char_length("name") <= 320), 
	prefix TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_series_prefix_length_check CHECK (char_length("prefix") <= 320), 
	next BIGINT DEFAULT 1 NOT NULL CONSTRAINT invoice_series_next_positive_check CHECK (next > 0), 
	days_to_pay SMALLINT DEFAULT 14 NOT NULL, 
	is_default BOOLEAN DEFAULT false NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT invoice_series_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT invoice_series_tenant_id_name_key UNIQUE (tenant_id, name), 
	CONSTRAINT invoice_series_tenant_id_prefix_key UNIQUE (tenant_id, prefix)
);

CREATE UNIQUE INDEX invoice_series_default_idx ON invoice_series (tenant_id) WHERE is_default;

COMMENT ON COLUMN invoice_series.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN invoice_series.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN invoice_series.name IS 'Name of the series.';

COMMENT ON COLUMN invoice_series.prefix IS 'What stands before the number on a document.';

COMMENT ON COLUMN invoice_series.next IS 'The next number to be given.';

COMMENT ON COLUMN invoice_series.days_to_pay IS 'How many days after its date a document of the series is due.';

COMMENT ON COLUMN invoice_series.is_default IS 'Taken where none is chosen; at most one is.';

COMMENT ON COLUMN invoice_series.version IS '1 when made, one more with every change.';

CREATE TABLE message (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	tenant_id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	subject_id UUID NOT NULL, 
	fact_id UUID, 
	attempts SMALLINT DEFAULT '0' NOT NULL, 
	told_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT message_pkey PRIMARY KEY (tenant_id, id)
);

COMMENT ON COLUMN message.id IS 'Facts of one account apply in this order.';

COMMENT ON COLUMN message.tenant_id IS 'The tenant in which the change was made.';

COMMENT ON COLUMN message.account_id IS 'The customer: what cannot be applied waits with him.';

COMMENT ON COLUMN message.kind IS 'What kind of record the subject is, or of fact.';

COMMENT ON COLUMN message.subject_id IS 'The record that changed; read it as it is now.';

COMMENT ON COLUMN message.fact_id IS 'The immutable row that came to be; null for a state.';

COMMENT ON COLUMN message.attempts IS 'How often it was set aside.';

COMMENT ON COLUMN message.told_at IS 'When it was told, for the lag (UP-45).';

CREATE TABLE message_set_aside (
	id BIGINT NOT NULL, 
	tenant_id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	subject_id UUID NOT NULL, 
	fact_id UUID, 
	attempts SMALLINT DEFAULT '0' NOT NULL, 
	told_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	reason TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT message_set_aside_pkey PRIMARY KEY (tenant_id, id)
);

CREATE INDEX message_set_aside_tenant_id_account_id_idx ON message_set_aside (tenant_id, account_id);

COMMENT ON COLUMN message_set_aside.id IS 'Its id as a message, which it has again when put back.';

COMMENT ON COLUMN message_set_aside.tenant_id IS 'The tenant in which the change was made.';

COMMENT ON COLUMN message_set_aside.account_id IS 'The customer: what cannot be applied waits with him.';

COMMENT ON COLUMN message_set_aside.kind IS 'What kind of record the subject is, or of fact.';

COMMENT ON COLUMN message_set_aside.subject_id IS 'The record that changed; read it as it is now.';

COMMENT ON COLUMN message_set_aside.fact_id IS 'The immutable row that came to be; null for a state.';

COMMENT ON COLUMN message_set_aside.attempts IS 'How often it was set aside.';

COMMENT ON COLUMN message_set_aside.told_at IS 'When it was told, for the lag (UP-45).';

COMMENT ON COLUMN message_set_aside.reason IS 'Code of what stood in the way; no business data.';

COMMENT ON COLUMN message_set_aside.at IS 'When it was set aside.';

CREATE TABLE mirror_alert (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	lag_seconds INTEGER NOT NULL, 
	waiting INTEGER NOT NULL, 
	set_aside INTEGER NOT NULL, 
	compared_days INTEGER NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT mirror_alert_pkey PRIMARY KEY (tenant_id, id)
);

COMMENT ON COLUMN mirror_alert.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN mirror_alert.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN mirror_alert.lag_seconds IS 'Age of the oldest message that waits, in seconds.';

COMMENT ON COLUMN mirror_alert.waiting IS 'Messages that wait.';

COMMENT ON COLUMN mirror_alert.set_aside IS 'Messages that are set aside.';

COMMENT ON COLUMN mirror_alert.compared_days IS 'Days since both tiers were last compared.';

COMMENT ON COLUMN mirror_alert.version IS '1 when made, one more with every change.';

CREATE TABLE mirror_progress (
	tenant_id UUID NOT NULL, 
	last_message BIGINT NOT NULL, 
	applied BIGINT NOT NULL, 
	lag_ms INTEGER NOT NULL, 
	at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT mirror_progress_pkey PRIMARY KEY (tenant_id)
);

COMMENT ON COLUMN mirror_progress.tenant_id IS 'The tenant whose messages are applied above.';

COMMENT ON COLUMN mirror_progress.last_message IS 'The highest message that was applied.';

COMMENT ON COLUMN mirror_progress.applied IS 'How many were applied in all.';

COMMENT ON COLUMN mirror_progress.lag_ms IS 'Age of the oldest message of the last batch (UP-45).';

COMMENT ON COLUMN mirror_progress.at IS 'When the last batch was applied.';

CREATE TABLE mirror_sample (
	tenant_id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	waiting INTEGER NOT NULL, 
	set_aside INTEGER NOT NULL, 
	lag_ms INTEGER NOT NULL, 
	applied BIGINT NOT NULL, 
	CONSTRAINT mirror_sample_pkey PRIMARY KEY (tenant_id, at)
);

CREATE INDEX mirror_sample_at_idx ON mirror_sample (at);

COMMENT ON COLUMN mirror_sample.tenant_id IS 'The tenant whose messages are applied above.';

COMMENT ON COLUMN mirror_sample.at IS 'The minute.';

COMMENT ON COLUMN mirror_sample.waiting IS 'Messages that waited then.';

COMMENT ON COLUMN mirror_sample.set_aside IS 'Messages that were set aside then.';

COMMENT ON COLUMN mirror_sample.lag_ms IS 'Age of the oldest that waited, else of the last batch''s.';

COMMENT ON COLUMN mirror_sample.applied IS 'How many had been applied in all.';

CREATE TABLE order_status (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	status TEXT NOT NULL CONSTRAINT order_status_status_known_check CHECK ("status" IN ('draft', 'submitted', 'executed', 'cancelled')), 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT order_status_name_length_check CHECK (char_length("name") <= 320), 
	is_default BOOLEAN DEFAULT false NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT order_status_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT order_status_tenant_id_name_key UNIQUE (tenant_id, name)
);

CREATE UNIQUE INDEX order_status_default_idx ON order_status (tenant_id, status) WHERE is_default;

COMMENT ON COLUMN order_status.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN order_status.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN order_status.status IS 'The status that it names ...';

COMMENT ON COLUMN order_status.name IS '... as this tenant calls it (ORD-02).';

COMMENT ON COLUMN order_status.is_default IS 'Taken when an order reaches the status; one of each is.';

COMMENT ON COLUMN order_status.version IS '1 when made, one more with every change.';

CREATE TABLE order_type (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT order_type_name_length_check CHECK (char_length("name") <= 320), 
	is_default BOOLEAN DEFAULT false NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT order_type_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT order_type_tenant_id_name_key UNIQUE (tenant_id, name)
);

CREATE UNIQUE INDEX order_type_default_idx ON order_type (tenant_id) WHERE is_default;

COMMENT ON COLUMN order_type.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN order_type.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN order_type.name IS 'Name of the type.';

COMMENT ON COLUMN order_type.is_default IS 'Taken where none is chosen; at most one is.';

COMMENT ON COLUMN order_type.version IS '1 when made, one more with every change.';

CREATE TABLE payment_method (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT payment_method_name_length_check CHECK (char_length("name") <= 320), 
	kind TEXT DEFAULT 'manual' NOT NULL CONSTRAINT payment_method_kind_known_check CHECK ("kind" IN ('manual', 'gateway')), 
	gateway TEXT DEFAULT '' NOT NULL CONSTRAINT payment_method_gateway_length_check CHECK (char_length("gateway") <= 320), 
	merchant_account TEXT DEFAULT '' NOT NULL CONSTRAINT payment_method_merchant_account_length_check CHECK (char_length("merchant_account") <= 320), 
	token_reference TEXT DEFAULT '' NOT NULL CONSTRAINT payment_method_token_reference_length_check CHECK (char_length("token_reference") <= 320), 
	payment_days SMALLINT DEFAULT 30 NOT NULL, 
	is_default BOOLEAN DEFAULT false NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT payment_method_pkey PRIMARY KEY (tenant_id, id)
);

CREATE UNIQUE INDEX payment_method_default_idx ON payment_method (tenant_id) WHERE is_default;

COMMENT ON COLUMN payment_method.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN payment_method.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN payment_method.name IS 'Name.';

COMMENT ON COLUMN payment_method.kind IS 'By hand within some days, or by a gateway.';

COMMENT ON COLUMN payment_method.gateway IS 'The gateway.';

COMMENT ON COLUMN payment_method.merchant_account IS 'Merchant account at the gateway.';

COMMENT ON COLUMN payment_method.token_reference IS 'The gateway''s reference; never a card number.';

COMMENT ON COLUMN payment_method.payment_days IS 'Days to pay in, for a manual one.';

COMMENT ON COLUMN payment_method.is_default IS 'Taken where none is chosen; at most one is.';

COMMENT ON COLUMN payment_method.created_at IS 'When it was made.';

COMMENT ON COLUMN payment_method.version IS '1 when made, one more with every change.';

CREATE TABLE permission_rule (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT permission_rule_name_length_check CHECK (char_length("name") <= 320), 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT permission_rule_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT permission_rule_tenant_id_name_key UNIQUE (tenant_id, name)
);

COMMENT ON COLUMN permission_rule.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN permission_rule.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN permission_rule.name IS 'Name of the rule.';

COMMENT ON COLUMN permission_rule.version IS '1 when made, one more with every change.';

CREATE TABLE price_list (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT price_list_name_length_check CHECK (char_length("name") <= 320), 
	currency TEXT NOT NULL CONSTRAINT price_list_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	valid_from DATE, 
	valid_until DATE, 
	active BOOLEAN DEFAULT true NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(name || ' ' || currency)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT price_list_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT price_list_validity_forward_check CHECK (valid_until >= valid_from)
);

CREATE INDEX price_list_search_idx ON price_list USING gin (tenant_id, search gin_trgm_ops);

COMMENT ON COLUMN price_list.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN price_list.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN price_list.name IS 'Name.';

COMMENT ON COLUMN price_list.currency IS 'Currency of its prices.';

COMMENT ON COLUMN price_list.valid_from IS 'First day; none: always.';

COMMENT ON COLUMN price_list.valid_until IS 'Last day; none: open.';

COMMENT ON COLUMN price_list.active IS 'May be used.';

COMMENT ON COLUMN price_list.created_at IS 'When it was made.';

COMMENT ON COLUMN price_list.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN price_list.search IS 'What search as you type looks in.';

COMMENT ON COLUMN price_list.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE provisioning_system (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT provisioning_system_name_length_check CHECK (char_length("name") <= 320), 
	kind TEXT DEFAULT '' NOT NULL CONSTRAINT provisioning_system_kind_length_check CHECK (char_length("kind") <= 320), 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT provisioning_system_pkey PRIMARY KEY (tenant_id, id)
);

COMMENT ON COLUMN provisioning_system.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN provisioning_system.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN provisioning_system.name IS 'Name of the outside system.';

COMMENT ON COLUMN provisioning_system.kind IS 'Which connector speaks to it.';

COMMENT ON COLUMN provisioning_system.version IS '1 when made, one more with every change.';

CREATE TABLE role (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT role_name_length_check CHECK (char_length("name") <= 320), 
	permissions JSONB DEFAULT '[]'::jsonb NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT role_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT role_tenant_id_name_key UNIQUE (tenant_id, name)
);

COMMENT ON COLUMN role.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN role.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN role.name IS 'Name of the role.';

COMMENT ON COLUMN role.permissions IS 'area:verb words; * for all.';

COMMENT ON COLUMN role.version IS '1 when made, one more with every change.';

CREATE TABLE session (
	id UUID NOT NULL, 
	secret_hash TEXT NOT NULL, 
	tenant_id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT session_pkey PRIMARY KEY (id), 
	CONSTRAINT session_secret_hash_key UNIQUE (secret_hash)
);

CREATE INDEX session_tenant_id_user_id_idx ON session (tenant_id, user_id);

COMMENT ON COLUMN session.id IS 'The session, as the list of sessions names it.';

COMMENT ON COLUMN session.secret_hash IS 'SHA-256 of the cookie''s secret.';

COMMENT ON COLUMN session.tenant_id IS 'Tenant signed in to.';

COMMENT ON COLUMN session.user_id IS 'Who is signed in.';

COMMENT ON COLUMN session.created_at IS 'When he signed in.';

COMMENT ON COLUMN session.seen_at IS 'When he was last seen, to the minute.';

COMMENT ON COLUMN session.expires_at IS 'When it ends.';

CREATE TABLE shop_session (
	hash BYTEA NOT NULL, 
	tenant_id UUID NOT NULL, 
	contact_id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT shop_session_pkey PRIMARY KEY (hash)
);

CREATE INDEX shop_session_tenant_id_contact_id_idx ON shop_session (tenant_id, contact_id);

COMMENT ON COLUMN shop_session.hash IS 'Hash of the secret in the cookie.';

COMMENT ON COLUMN shop_session.tenant_id IS 'Whose shop.';

COMMENT ON COLUMN shop_session.contact_id IS 'Who is signed in.';

COMMENT ON COLUMN shop_session.account_id IS 'For whom he is buying: his own account, or a customer of it.';

COMMENT ON COLUMN shop_session.created_at IS 'When he signed in.';

COMMENT ON COLUMN shop_session.seen_at IS 'When he was last seen, to the minute.';

CREATE TABLE sign_in_attempt (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	key_hash TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (id)
);

CREATE INDEX sign_in_attempt_key_hash_at_idx ON sign_in_attempt (key_hash, at);

COMMENT ON COLUMN sign_in_attempt.id IS 'One try.';

COMMENT ON COLUMN sign_in_attempt.key_hash IS 'SHA-256 of the e-mail or the address tried.';

COMMENT ON COLUMN sign_in_attempt.at IS 'When.';

CREATE TABLE sign_in_directory (
	email_hash TEXT NOT NULL, 
	tenant_id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	CONSTRAINT sign_in_directory_pkey PRIMARY KEY (email_hash, tenant_id)
);

COMMENT ON COLUMN sign_in_directory.email_hash IS 'SHA-256 of the e-mail in small letters, with the installation''s key.';

COMMENT ON COLUMN sign_in_directory.tenant_id IS 'Where such a user is.';

COMMENT ON COLUMN sign_in_directory.user_id IS 'Which user.';

CREATE TABLE sign_on (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT sign_on_name_length_check CHECK (char_length("name") <= 320), 
	issuer TEXT DEFAULT '' NOT NULL CONSTRAINT sign_on_issuer_length_check CHECK (char_length("issuer") <= 320), 
	client_id TEXT DEFAULT '' NOT NULL CONSTRAINT sign_on_client_id_length_check CHECK (char_length("client_id") <= 320), 
	sealed_secret TEXT NOT NULL, 
	domains JSONB NOT NULL, 
	passwords_allowed BOOLEAN DEFAULT true NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT sign_on_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT sign_on_tenant_id_key UNIQUE (tenant_id)
);

COMMENT ON COLUMN sign_on.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN sign_on.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN sign_on.name IS 'Name of the provider, as the sign-in page shows it.';

COMMENT ON COLUMN sign_on.issuer IS 'The provider''s issuer address, as its discovery document and its tokens name it.';

COMMENT ON COLUMN sign_on.client_id IS 'Name under which the provider knows this organisation''s Tenantry.';

COMMENT ON COLUMN sign_on.sealed_secret IS 'Client secret, sealed with the installation''s key; never shown again.';

COMMENT ON COLUMN sign_on.domains IS 'E-mail domains whose users may sign in with it.';

COMMENT ON COLUMN sign_on.passwords_allowed IS 'Whether who is no administrator may sign in with a password too.';

COMMENT ON COLUMN sign_on.version IS '1 when made, one more with every change.';

CREATE TABLE sign_on_directory (
	key_hash TEXT NOT NULL, 
	tenant_id UUID NOT NULL, 
	CONSTRAINT sign_on_directory_pkey PRIMARY KEY (key_hash, tenant_id)
);

COMMENT ON COLUMN sign_on_directory.key_hash IS 'SHA-256 of a short name, or of an e-mail domain, in small letters, with the installation''s key.';

COMMENT ON COLUMN sign_on_directory.tenant_id IS 'Whose single sign-on is found by it.';

CREATE TABLE tenant (
	id UUID NOT NULL, 
	parent_id UUID, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_name_length_check CHECK (char_length("name") <= 320), 
	code TEXT NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT tenant_kind_known_check CHECK ("kind" IN ('distributor', 'reseller')), 
	edition TEXT DEFAULT 'basic' NOT NULL CONSTRAINT tenant_edition_known_check CHECK ("edition" IN ('basic', 'premium')), 
	street TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_street_length_check CHECK (char_length("street") <= 320), 
	postcode TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_postcode_length_check CHECK (char_length("postcode") <= 320), 
	city TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_city_length_check CHECK (char_length("city") <= 320), 
	country TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_country_iso_check CHECK ("country" ~ '^([A-Z]{2})?$'), 
	vat_number TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_vat_number_length_check CHECK (char_length("vat_number") <= 320), 
	email TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_email_length_check CHECK (char_length("email") <= 320), 
	phone TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_phone_length_check CHECK (char_length("phone") <= 320), 
	website TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_website_length_check CHECK (char_length("website") <= 320), 
	language TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_language_length_check CHECK (char_length("language") <= 320), 
	time_zone TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_time_zone_length_check CHECK (char_length("time_zone") <= 320), 
	date_format TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_date_format_length_check CHECK (char_length("date_format") <= 320), 
	default_currency TEXT NOT NULL CONSTRAINT tenant_default_currency_iso_check CHECK ("default_currency" ~ '^[A-Z]{3}$'), 
	billing_day SMALLINT DEFAULT 1 NOT NULL, 
	admin_user_id UUID, 
	common_rule_id UUID, 
	reseller_account_id UUID, 
	live_at TIMESTAMP WITH TIME ZONE, 
	credit_checked_above BOOLEAN DEFAULT false NOT NULL, 
	suspended_at TIMESTAMP WITH TIME ZONE, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT tenant_pkey PRIMARY KEY (id), 
	CONSTRAINT tenant_parent_id_fkey FOREIGN KEY(parent_id) REFERENCES tenant (id), 
	CONSTRAINT tenant_code_key UNIQUE (code)
);

CREATE INDEX tenant_parent_id_idx ON tenant (parent_id);

COMMENT ON COLUMN tenant.id IS 'The tenant''s id: the tenant_id of everything it owns.';

COMMENT ON COLUMN tenant.parent_id IS 'The tenant it buys from; none for the top.';

COMMENT ON COLUMN tenant.name IS 'Name of the organisation.';

COMMENT ON COLUMN tenant.code IS 'Short name, as the CLI and the sign-in use it.';

COMMENT ON COLUMN tenant.kind IS 'Its role: sells through others, or buys from above and sells below.';

COMMENT ON COLUMN tenant.edition IS 'basic: back office only; premium: storefront too.';

COMMENT ON COLUMN tenant.street IS 'Street of its office, as its documents name it.';

COMMENT ON COLUMN tenant.postcode IS 'Post code there.';

COMMENT ON COLUMN tenant.city IS 'City there.';

COMMENT ON COLUMN tenant.country IS 'Its country, ISO 3166-1 alpha-2; empty when not known.';

COMMENT ON COLUMN tenant.vat_number IS 'Its VAT number, as its documents name it.';

COMMENT ON COLUMN tenant.email IS 'E-mail that its documents name.';

COMMENT ON COLUMN tenant.phone IS 'Telephone that its documents name.';

COMMENT ON COLUMN tenant.website IS 'Website that its documents name.';

COMMENT ON COLUMN tenant.language IS 'BCP 47 tag of its language.';

COMMENT ON COLUMN tenant.time_zone IS 'IANA name of its time zone.';

COMMENT ON COLUMN tenant.date_format IS 'How it writes dates: a CLDR pattern such as dd/MM/yyyy, or empty for the language''s own.';

COMMENT ON COLUMN tenant.default_currency IS 'Currency of records that name none.';

COMMENT ON COLUMN tenant.billing_day IS 'Day of month, 1 to 28, for new accounts.';

COMMENT ON COLUMN tenant.admin_user_id IS 'The admin user made at its creation.';

COMMENT ON COLUMN tenant.common_rule_id IS 'The common permission rule made at its creation.';

COMMENT ON COLUMN tenant.reseller_account_id IS 'The account it is in its parent''s tenant.';

COMMENT ON COLUMN tenant.live_at IS 'When back ordering was activated; a top tenant needs none.';

COMMENT ON COLUMN tenant.credit_checked_above IS 'Somebody above checks credit before anything is provisioned here (UP-47).';

COMMENT ON COLUMN tenant.suspended_at IS 'When its parent suspended it: its users look, and change nothing (TEN-07).';

COMMENT ON COLUMN tenant.closed_at IS 'When its parent closed it, for good: nobody signs in any more (TEN-07).';

COMMENT ON COLUMN tenant.created_at IS 'When it was made.';

COMMENT ON COLUMN tenant.version IS '1 when made, one more with every change.';

CREATE TABLE tenant_currency (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	currency TEXT NOT NULL CONSTRAINT tenant_currency_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	CONSTRAINT tenant_currency_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT tenant_currency_tenant_id_currency_key UNIQUE (tenant_id, currency)
);

COMMENT ON COLUMN tenant_currency.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN tenant_currency.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN tenant_currency.currency IS 'A currency activated for this tenant (ISO 4217).';

CREATE TABLE tenant_user (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	email TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_user_email_length_check CHECK (char_length("email") <= 320), 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_user_name_length_check CHECK (char_length("name") <= 320), 
	password_hash TEXT DEFAULT '' NOT NULL, 
	second_factor TEXT, 
	second_factor_step BIGINT, 
	sign_on_subject TEXT, 
	status TEXT DEFAULT 'active' NOT NULL CONSTRAINT tenant_user_status_known_check CHECK ("status" IN ('active', 'blocked')), 
	language TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_user_language_length_check CHECK (char_length("language") <= 320), 
	theme TEXT DEFAULT 'auto' NOT NULL CONSTRAINT tenant_user_theme_known_check CHECK ("theme" IN ('auto', 'light', 'dark')), 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT tenant_user_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT tenant_user_tenant_id_email_key UNIQUE (tenant_id, email)
);

COMMENT ON COLUMN tenant_user.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN tenant_user.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN tenant_user.email IS 'E-mail he signs in with, in small letters.';

COMMENT ON COLUMN tenant_user.name IS 'His name.';

COMMENT ON COLUMN tenant_user.password_hash IS 'Argon2id; empty until he has set one.';

COMMENT ON COLUMN tenant_user.second_factor IS 'TOTP secret, sealed with the installation''s key; none when off.';

COMMENT ON COLUMN tenant_user.second_factor_step IS 'The half-minute of the last code that was taken, so that none is taken twice.';

COMMENT ON COLUMN tenant_user.sign_on_subject IS 'Issuer and subject of his OIDC identity, when he signed in with one.';

COMMENT ON COLUMN tenant_user.status IS 'Whether he may sign in.';

COMMENT ON COLUMN tenant_user.language IS 'BCP 47 tag; empty for the tenant''s.';

COMMENT ON COLUMN tenant_user.theme IS 'How pages look.';

COMMENT ON COLUMN tenant_user.created_at IS 'When he was made.';

COMMENT ON COLUMN tenant_user.version IS '1 when made, one more with every change.';

CREATE TABLE terms_document (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT terms_document_name_length_check CHECK (char_length("name") <= 320), 
	edition TEXT DEFAULT '' NOT NULL CONSTRAINT terms_document_edition_length_check CHECK (char_length("edition") <= 320), 
	body TEXT DEFAULT '' NOT NULL CONSTRAINT terms_document_body_length_check CHECK (char_length("body") <= 20000), 
	active BOOLEAN DEFAULT true NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT terms_document_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT terms_document_tenant_id_name_edition_key UNIQUE (tenant_id, name, edition)
);

COMMENT ON COLUMN terms_document.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN terms_document.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN terms_document.name IS 'Name of the document.';

COMMENT ON COLUMN terms_document.edition IS 'Its version, as people name it.';

COMMENT ON COLUMN terms_document.body IS 'The text that is accepted.';

COMMENT ON COLUMN terms_document.active IS 'May be asked for.';

COMMENT ON COLUMN terms_document.created_at IS 'When it was made.';

COMMENT ON COLUMN terms_document.version IS '1 when made, one more with every change.';

CREATE TABLE upstream_credit (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	order_id UUID, 
	subscription_id UUID, 
	status TEXT DEFAULT 'asked' NOT NULL CONSTRAINT upstream_credit_status_known_check CHECK ("status" IN ('asked', 'refused', 'released', 'withdrawn')), 
	figures JSONB, 
	asked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT upstream_credit_pkey PRIMARY KEY (tenant_id, id)
);

CREATE INDEX upstream_credit_open_idx ON upstream_credit (tenant_id, id) WHERE status IN ('asked', 'refused');

CREATE INDEX upstream_credit_tenant_id_order_id_idx ON upstream_credit (tenant_id, order_id);

CREATE INDEX upstream_credit_tenant_id_subscription_id_idx ON upstream_credit (tenant_id, subscription_id);

COMMENT ON COLUMN upstream_credit.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN upstream_credit.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN upstream_credit.account_id IS 'The customer that it was sold to.';

COMMENT ON COLUMN upstream_credit.order_id IS 'The order here that was executed, or that tracks one below.';

COMMENT ON COLUMN upstream_credit.subscription_id IS 'The subscription that was changed, where no order did.';

COMMENT ON COLUMN upstream_credit.status IS 'What was answered from above.';

COMMENT ON COLUMN upstream_credit.figures IS 'Why it waits: limit, what is open, what it adds; none where it waits further up, or for nothing.';

COMMENT ON COLUMN upstream_credit.asked_at IS 'When it was asked for.';

COMMENT ON COLUMN upstream_credit.answered_at IS 'When it was answered last.';

COMMENT ON COLUMN upstream_credit.version IS '1 when made, one more with every change.';

CREATE TABLE user_group (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT user_group_name_length_check CHECK (char_length("name") <= 320), 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT user_group_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT user_group_tenant_id_name_key UNIQUE (tenant_id, name)
);

COMMENT ON COLUMN user_group.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN user_group.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN user_group.name IS 'Name of the group.';

COMMENT ON COLUMN user_group.version IS '1 when made, one more with every change.';

CREATE TABLE account (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	number BIGINT NOT NULL, 
	name TEXT NOT NULL CONSTRAINT account_name_length_check CHECK (char_length(name) BETWEEN 1 AND 320), 
	accounting_no TEXT DEFAULT '' NOT NULL CONSTRAINT account_accounting_no_length_check CHECK (char_length("accounting_no") <= 320), 
	email TEXT DEFAULT '' NOT NULL CONSTRAINT account_email_length_check CHECK (char_length("email") <= 320), 
	phone TEXT DEFAULT '' NOT NULL CONSTRAINT account_phone_length_check CHECK (char_length("phone") <= 320), 
	fax TEXT DEFAULT '' NOT NULL CONSTRAINT account_fax_length_check CHECK (char_length("fax") <= 320), 
	website TEXT DEFAULT '' NOT NULL CONSTRAINT account_website_length_check CHECK (char_length("website") <= 320), 
	industry TEXT DEFAULT '' NOT NULL CONSTRAINT account_industry_length_check CHECK (char_length("industry") <= 320), 
	language TEXT DEFAULT '' NOT NULL CONSTRAINT account_language_length_check CHECK (char_length("language") <= 320), 
	vat_number TEXT DEFAULT '' NOT NULL CONSTRAINT account_vat_number_length_check CHECK (char_length("vat_number") <= 320), 
	source TEXT DEFAULT '' NOT NULL CONSTRAINT account_source_length_check CHECK (char_length("source") <= 320), 
	registration_number TEXT DEFAULT '' NOT NULL CONSTRAINT account_registration_number_length_check CHECK (char_length("registration_number") <= 320), 
	tax_authority TEXT DEFAULT '' NOT NULL CONSTRAINT account_tax_authority_length_check CHECK (char_length("tax_authority") <= 320), 
	trading_name TEXT DEFAULT '' NOT NULL CONSTRAINT account_trading_name_length_check CHECK (char_length("trading_name") <= 320), 
	business_activity TEXT DEFAULT '' NOT NULL CONSTRAINT account_business_activity_length_check CHECK (char_length("business_activity") <= 320), 
	description TEXT DEFAULT '' NOT NULL CONSTRAINT account_description_length_check CHECK (char_length("description") <= 20000), 
	custom_fields JSONB DEFAULT '{}'::jsonb NOT NULL, 
	country TEXT DEFAULT '' NOT NULL CONSTRAINT account_country_iso_check CHECK ("country" ~ '^([A-Z]{2})?$'), 
	state TEXT DEFAULT '' NOT NULL CONSTRAINT account_state_length_check CHECK (char_length("state") <= 320), 
	status TEXT DEFAULT 'active' NOT NULL CONSTRAINT account_status_known_check CHECK ("status" IN ('active', 'suspended', 'closed', 'moved_out', 'transferred_out', 'deleted')), 
	standing TEXT DEFAULT 'own' NOT NULL CONSTRAINT account_standing_known_check CHECK ("standing" IN ('own', 'handed_down', 'mirrored', 'received', 'moved_out', 'transferred_out', 'archived')), 
	managed_by UUID, 
	ordering_enabled BOOLEAN DEFAULT true NOT NULL, 
	own_ordering_options BOOLEAN DEFAULT true NOT NULL, 
	reselling_enabled BOOLEAN DEFAULT false NOT NULL, 
	parent_id UUID, 
	bill_to_id UUID NOT NULL, 
	price_list_id UUID, 
	payment_method_id UUID, 
	currency TEXT NOT NULL CONSTRAINT account_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	credit_limit NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	prorate_billing BOOLEAN DEFAULT false NOT NULL, 
	partial_charges_invoicing TEXT DEFAULT 'at_once' NOT NULL CONSTRAINT account_partial_charges_invoicing_known_check CHECK ("partial_charges_invoicing" IN ('at_once', 'next_billing_day')), 
	auto_invoice_notification BOOLEAN DEFAULT false NOT NULL, 
	taxation BOOLEAN DEFAULT true NOT NULL, 
	separate_invoices BOOLEAN DEFAULT false NOT NULL, 
	billing_day SMALLINT DEFAULT 1 NOT NULL, 
	responsible_user_id UUID NOT NULL, 
	permission_rule_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (CASE status WHEN 'deleted' THEN '' ELSE lower(name || ' ' || accounting_no || ' ' || email || ' ' || number) END) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT account_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT account_tenant_id_parent_id_fkey FOREIGN KEY(tenant_id, parent_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT account_tenant_id_bill_to_id_fkey FOREIGN KEY(tenant_id, bill_to_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT account_tenant_id_price_list_id_fkey FOREIGN KEY(tenant_id, price_list_id) REFERENCES price_list (tenant_id, id), 
	CONSTRAINT account_tenant_id_payment_method_id_fkey FOREIGN KEY(tenant_id, payment_method_id) REFERENCES payment_method (tenant_id, id), 
	CONSTRAINT account_tenant_id_responsible_user_id_fkey FOREIGN KEY(tenant_id, responsible_user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT account_tenant_id_permission_rule_id_fkey FOREIGN KEY(tenant_id, permission_rule_id) REFERENCES permission_rule (tenant_id, id), 
	CONSTRAINT account_tenant_id_number_key UNIQUE (tenant_id, number), 
	CONSTRAINT account_standing_and_managed_by_check CHECK ((standing IN ('handed_down', 'mirrored')) = (managed_by IS NOT NULL)), 
	CONSTRAINT account_billing_day_of_month_check CHECK (billing_day BETWEEN 1 AND 28), 
	CONSTRAINT account_credit_limit_not_negative_check CHECK (credit_limit >= 0)
) WITH (fillfactor = 85);

CREATE INDEX account_customer_idx ON account (tenant_id, bill_to_id) WHERE bill_to_id <> id;

CREATE INDEX account_deleted_idx ON account (tenant_id, id) WHERE status = 'deleted';

CREATE INDEX account_list_idx ON account (tenant_id, sort_name, id) INCLUDE (status, country, industry, currency, number, credit_limit, reselling_enabled, responsible_user_id, permission_rule_id);

CREATE INDEX account_search_idx ON account USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX account_tenant_id_bill_to_id_idx ON account (tenant_id, bill_to_id);

CREATE INDEX account_tenant_id_created_at_id_idx ON account (tenant_id, created_at, id);

CREATE INDEX account_tenant_id_parent_id_idx ON account (tenant_id, parent_id);

CREATE INDEX account_vat_number_idx ON account (tenant_id, vat_number) WHERE vat_number <> '';

COMMENT ON COLUMN account.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN account.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN account.number IS 'The tenant''s own number for it.';

COMMENT ON COLUMN account.name IS 'Name of the company.';

COMMENT ON COLUMN account.accounting_no IS 'Number in the accounting system; not unique.';

COMMENT ON COLUMN account.email IS 'E-mail of the company.';

COMMENT ON COLUMN account.phone IS 'Telephone.';

COMMENT ON COLUMN account.fax IS 'Fax.';

COMMENT ON COLUMN account.website IS 'Website.';

COMMENT ON COLUMN account.industry IS 'Industry.';

COMMENT ON COLUMN account.language IS 'BCP 47 tag of the language it is written to in; empty for the tenant''s.';

COMMENT ON COLUMN account.vat_number IS 'VAT number.';

COMMENT ON COLUMN account.source IS 'Where the lead came from.';

COMMENT ON COLUMN account.registration_number IS 'Number in the companies register.';

COMMENT ON COLUMN account.tax_authority IS 'Tax authority.';

COMMENT ON COLUMN account.trading_name IS 'Trading name.';

COMMENT ON COLUMN account.business_activity IS 'Business activity.';

COMMENT ON COLUMN account.description IS 'Description.';

COMMENT ON COLUMN account.custom_fields IS 'Values of the tenant''s own fields, by name.';

COMMENT ON COLUMN account.country IS 'ISO 3166-1 alpha-2 code; empty when not known.';

COMMENT ON COLUMN account.state IS 'ISO 3166-2 code, or words where there is none.';

COMMENT ON COLUMN account.status IS 'TEN-26.';

COMMENT ON COLUMN account.standing IS 'Who manages this record; the one column behind ribbons, locks and acts.';

COMMENT ON COLUMN account.managed_by IS 'The tenant below that manages it, when the standing says so.';

COMMENT ON COLUMN account.ordering_enabled IS 'May be sold to.';

COMMENT ON COLUMN account.own_ordering_options IS 'Set account ordering options: has its own, else those of its Bill To.';

COMMENT ON COLUMN account.reselling_enabled IS 'May sell to customers of its own: a reseller.';

COMMENT ON COLUMN account.parent_id IS 'The reseller it is a customer of; none for a direct customer.';

COMMENT ON COLUMN account.bill_to_id IS 'Who pays: itself, or its reseller.';

COMMENT ON COLUMN account.price_list_id IS 'Its price list.';

COMMENT ON COLUMN account.payment_method_id IS 'How it pays.';

COMMENT ON COLUMN account.currency IS 'Its currency (ISO 4217).';

COMMENT ON COLUMN account.credit_limit IS 'In its currency; 0: may never owe.';

COMMENT ON COLUMN account.prorate_billing IS 'Enable Prorate Billing: periods aligned to the billing day.';

COMMENT ON COLUMN account.partial_charges_invoicing IS 'When the prorated part is invoiced.';

COMMENT ON COLUMN account.auto_invoice_notification IS 'Invoices are sent by themselves.';

COMMENT ON COLUMN account.taxation IS 'Taxes are charged.';

COMMENT ON COLUMN account.separate_invoices IS 'An invoice of its own, though its reseller pays.';

COMMENT ON COLUMN account.billing_day IS 'Day of month, 1 to 28.';

COMMENT ON COLUMN account.responsible_user_id IS 'Who looks after it.';

COMMENT ON COLUMN account.permission_rule_id IS 'Who may see and edit it.';

COMMENT ON COLUMN account.created_at IS 'When it was made here.';

COMMENT ON COLUMN account.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN account.search IS 'What search as you type looks in; nothing for a deleted one.';

COMMENT ON COLUMN account.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE api_option (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	entity TEXT NOT NULL CONSTRAINT api_option_entity_known_check CHECK ("entity" IN ('account', 'contact', 'order', 'subscription', 'asset')), 
	responsible_user_id UUID, 
	permission_rule_id UUID, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT api_option_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT api_option_tenant_id_responsible_user_id_fkey FOREIGN KEY(tenant_id, responsible_user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT api_option_tenant_id_permission_rule_id_fkey FOREIGN KEY(tenant_id, permission_rule_id) REFERENCES permission_rule (tenant_id, id), 
	CONSTRAINT api_option_tenant_id_entity_key UNIQUE (tenant_id, entity)
);

COMMENT ON COLUMN api_option.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN api_option.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN api_option.entity IS 'Records of this kind that the system creates ...';

COMMENT ON COLUMN api_option.responsible_user_id IS '... get this responsible user,';

COMMENT ON COLUMN api_option.permission_rule_id IS 'and this permission rule.';

COMMENT ON COLUMN api_option.version IS '1 when made, one more with every change.';

CREATE TABLE api_token (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT api_token_name_length_check CHECK (char_length("name") <= 320), 
	kind TEXT DEFAULT 'token' NOT NULL CONSTRAINT api_token_kind_known_check CHECK ("kind" IN ('token', 'client')), 
	secret_hash TEXT NOT NULL, 
	scopes JSONB DEFAULT '[]'::jsonb NOT NULL, 
	client_id UUID, 
	expires_at TIMESTAMP WITH TIME ZONE, 
	revoked_at TIMESTAMP WITH TIME ZONE, 
	last_used_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT api_token_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT api_token_tenant_id_user_id_fkey FOREIGN KEY(tenant_id, user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT api_token_tenant_id_secret_hash_key UNIQUE (tenant_id, secret_hash)
);

CREATE INDEX api_token_tenant_id_user_id_idx ON api_token (tenant_id, user_id);

COMMENT ON COLUMN api_token.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN api_token.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN api_token.user_id IS 'For whom it acts.';

COMMENT ON COLUMN api_token.name IS 'What it is for.';

COMMENT ON COLUMN api_token.kind IS 'A bearer token, or an OAuth client''s secret.';

COMMENT ON COLUMN api_token.secret_hash IS 'SHA-256 of the secret; the secret itself is shown once.';

COMMENT ON COLUMN api_token.scopes IS 'area:verb words it is limited to; * for the user''s.';

COMMENT ON COLUMN api_token.client_id IS 'The OAuth client that a short-lived token was given to.';

COMMENT ON COLUMN api_token.expires_at IS 'When it ends.';

COMMENT ON COLUMN api_token.revoked_at IS 'When it was revoked.';

COMMENT ON COLUMN api_token.last_used_at IS 'When it was last used, to the minute.';

COMMENT ON COLUMN api_token.created_at IS 'When it was made.';

CREATE TABLE import_row (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	import_id UUID NOT NULL, 
	line INTEGER NOT NULL, 
	cells JSONB NOT NULL, 
	verdict TEXT DEFAULT 'ready' NOT NULL CONSTRAINT import_row_verdict_known_check CHECK ("verdict" IN ('ready', 'warning', 'refused', 'skipped', 'imported')), 
	problems JSONB DEFAULT '[]'::jsonb NOT NULL, 
	record JSONB, 
	record_id UUID, 
	chosen BOOLEAN DEFAULT true NOT NULL, 
	CONSTRAINT import_row_pkey PRIMARY KEY (tenant_id, import_id, line), 
	CONSTRAINT import_row_tenant_id_import_id_fkey FOREIGN KEY(tenant_id, import_id) REFERENCES import (tenant_id, id)
);

COMMENT ON COLUMN import_row.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN import_row.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN import_row.import_id IS 'Which import.';

COMMENT ON COLUMN import_row.line IS 'Line in the file; the heading is 1.';

COMMENT ON COLUMN import_row.cells IS 'The cells as they stand in the file.';

COMMENT ON COLUMN import_row.verdict IS 'What becomes of it.';

COMMENT ON COLUMN import_row.problems IS 'What is wrong, field by field.';

COMMENT ON COLUMN import_row.record IS 'What was planned for it; none once it was brought in.';

COMMENT ON COLUMN import_row.record_id IS 'The record it became.';

COMMENT ON COLUMN import_row.chosen IS 'Brought in unless a person left it out.';

CREATE TABLE invitation (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	secret_hash TEXT NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT invitation_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT invitation_tenant_id_user_id_fkey FOREIGN KEY(tenant_id, user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT invitation_tenant_id_secret_hash_key UNIQUE (tenant_id, secret_hash)
);

CREATE INDEX invitation_tenant_id_user_id_idx ON invitation (tenant_id, user_id);

COMMENT ON COLUMN invitation.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN invitation.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN invitation.user_id IS 'Who may set a password with it.';

COMMENT ON COLUMN invitation.secret_hash IS 'SHA-256 of the link''s secret; the secret itself is shown once.';

COMMENT ON COLUMN invitation.expires_at IS 'When it ends.';

COMMENT ON COLUMN invitation.created_at IS 'When it was made.';

CREATE TABLE permission_default (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	entity TEXT NOT NULL CONSTRAINT permission_default_entity_known_check CHECK ("entity" IN ('account', 'contact', 'order', 'subscription', 'asset', 'activity', 'opportunity', 'offer')), 
	rule_id UUID NOT NULL, 
	CONSTRAINT permission_default_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT permission_default_tenant_id_rule_id_fkey FOREIGN KEY(tenant_id, rule_id) REFERENCES permission_rule (tenant_id, id), 
	CONSTRAINT permission_default_tenant_id_entity_key UNIQUE (tenant_id, entity)
);

COMMENT ON COLUMN permission_default.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN permission_default.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN permission_default.entity IS 'Records of this kind ...';

COMMENT ON COLUMN permission_default.rule_id IS '... get this rule unless another is chosen.';

CREATE TABLE permission_grant (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	rule_id UUID NOT NULL, 
	user_id UUID, 
	group_id UUID, 
	access TEXT NOT NULL CONSTRAINT permission_grant_access_known_check CHECK ("access" IN ('read', 'edit', 'full')), 
	CONSTRAINT permission_grant_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT permission_grant_tenant_id_rule_id_fkey FOREIGN KEY(tenant_id, rule_id) REFERENCES permission_rule (tenant_id, id), 
	CONSTRAINT permission_grant_tenant_id_user_id_fkey FOREIGN KEY(tenant_id, user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT permission_grant_tenant_id_group_id_fkey FOREIGN KEY(tenant_id, group_id) REFERENCES user_group (tenant_id, id), 
	CONSTRAINT permission_grant_one_name_check CHECK (num_nonnulls(user_id, group_id) <= 1)
);

CREATE INDEX permission_grant_tenant_id_rule_id_idx ON permission_grant (tenant_id, rule_id);

COMMENT ON COLUMN permission_grant.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN permission_grant.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN permission_grant.rule_id IS 'Which rule.';

COMMENT ON COLUMN permission_grant.user_id IS 'A user it names; none for a group or everyone.';

COMMENT ON COLUMN permission_grant.group_id IS 'A group it names; none for a user or everyone.';

COMMENT ON COLUMN permission_grant.access IS 'How much of the record it gives.';

CREATE TABLE product (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	sku TEXT DEFAULT '' NOT NULL CONSTRAINT product_sku_length_check CHECK (char_length("sku") <= 320), 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT product_name_length_check CHECK (char_length("name") <= 320), 
	description TEXT DEFAULT '' NOT NULL CONSTRAINT product_description_length_check CHECK (char_length("description") <= 20000), 
	category TEXT DEFAULT '' NOT NULL CONSTRAINT product_category_length_check CHECK (char_length("category") <= 320), 
	kind TEXT DEFAULT 'service' NOT NULL CONSTRAINT product_kind_known_check CHECK ("kind" IN ('service', 'add_on')), 
	unit TEXT DEFAULT '' NOT NULL CONSTRAINT product_unit_length_check CHECK (char_length("unit") <= 320), 
	provisioning_system_id UUID, 
	trial_allowed BOOLEAN DEFAULT false NOT NULL, 
	trial_days SMALLINT DEFAULT 30 NOT NULL, 
	active BOOLEAN DEFAULT true NOT NULL, 
	active_from DATE, 
	active_until DATE, 
	min_quantity INTEGER DEFAULT 1 NOT NULL, 
	max_quantity INTEGER, 
	in_shop BOOLEAN DEFAULT true NOT NULL, 
	externally_priced BOOLEAN DEFAULT false NOT NULL, 
	terms_document_id UUID, 
	standing TEXT DEFAULT 'own' NOT NULL CONSTRAINT product_standing_known_check CHECK ("standing" IN ('own', 'inherited', 'withdrawn')), 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(name || ' ' || sku || ' ' || category)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT product_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT product_tenant_id_provisioning_system_id_fkey FOREIGN KEY(tenant_id, provisioning_system_id) REFERENCES provisioning_system (tenant_id, id), 
	CONSTRAINT product_tenant_id_terms_document_id_fkey FOREIGN KEY(tenant_id, terms_document_id) REFERENCES terms_document (tenant_id, id), 
	CONSTRAINT product_tenant_id_sku_key UNIQUE (tenant_id, sku), 
	CONSTRAINT product_active_forward_check CHECK (active_until >= active_from), 
	CONSTRAINT product_quantities_check CHECK (min_quantity >= 1 AND max_quantity >= min_quantity)
);

CREATE INDEX product_name_idx ON product (tenant_id, sort_name, id);

CREATE INDEX product_search_idx ON product USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX product_shelf_category_idx ON product (tenant_id, category, sort_name, id) WHERE active AND in_shop AND kind = 'service' AND standing <> 'withdrawn';

CREATE INDEX product_shelf_idx ON product (tenant_id, sort_name, id) WHERE active AND in_shop AND kind = 'service' AND standing <> 'withdrawn';

COMMENT ON COLUMN product.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN product.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN product.sku IS 'Stock keeping unit: the short name that orders use.';

COMMENT ON COLUMN product.name IS 'Name.';

COMMENT ON COLUMN product.description IS 'Description.';

COMMENT ON COLUMN product.category IS 'Category it is listed under.';

COMMENT ON COLUMN product.kind IS 'Sold by itself, or with another product.';

COMMENT ON COLUMN product.unit IS 'Unit of measure: user, GB, licence.';

COMMENT ON COLUMN product.provisioning_system_id IS 'The system that delivers it; none for what needs no delivery.';

COMMENT ON COLUMN product.trial_allowed IS 'May be tried before it is bought.';

COMMENT ON COLUMN product.trial_days IS 'How long a trial lasts.';

COMMENT ON COLUMN product.active IS 'May be sold now.';

COMMENT ON COLUMN product.active_from IS 'First day on sale; none: always.';

COMMENT ON COLUMN product.active_until IS 'Last day on sale; none: open.';

COMMENT ON COLUMN product.min_quantity IS 'Fewest units of it.';

COMMENT ON COLUMN product.max_quantity IS 'Most units of it; none: no limit.';

COMMENT ON COLUMN product.in_shop IS 'Shown in the storefront.';

COMMENT ON COLUMN product.externally_priced IS 'An outside system prices it: what it costs a reseller is the price above (UP-31).';

COMMENT ON COLUMN product.terms_document_id IS 'What a buyer has to accept (SF-02).';

COMMENT ON COLUMN product.standing IS 'Whose product it is.';

COMMENT ON COLUMN product.created_at IS 'When it was made here.';

COMMENT ON COLUMN product.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN product.search IS 'What search as you type looks in.';

COMMENT ON COLUMN product.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE recovery_code (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	secret_hash TEXT NOT NULL, 
	CONSTRAINT recovery_code_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT recovery_code_tenant_id_user_id_fkey FOREIGN KEY(tenant_id, user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT recovery_code_tenant_id_user_id_secret_hash_key UNIQUE (tenant_id, user_id, secret_hash)
);

COMMENT ON COLUMN recovery_code.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN recovery_code.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN recovery_code.user_id IS 'Who may sign in with it when his second factor is lost.';

COMMENT ON COLUMN recovery_code.secret_hash IS 'Keyed hash of the code; it is gone once it was used.';

CREATE TABLE user_group_member (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	group_id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	CONSTRAINT user_group_member_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT user_group_member_tenant_id_group_id_fkey FOREIGN KEY(tenant_id, group_id) REFERENCES user_group (tenant_id, id), 
	CONSTRAINT user_group_member_tenant_id_user_id_fkey FOREIGN KEY(tenant_id, user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT user_group_member_tenant_id_group_id_user_id_key UNIQUE (tenant_id, group_id, user_id)
);

CREATE INDEX user_group_member_tenant_id_user_id_idx ON user_group_member (tenant_id, user_id);

COMMENT ON COLUMN user_group_member.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN user_group_member.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN user_group_member.group_id IS 'Which group.';

COMMENT ON COLUMN user_group_member.user_id IS 'Who is in it.';

CREATE TABLE user_role (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	role_id UUID NOT NULL, 
	CONSTRAINT user_role_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT user_role_tenant_id_user_id_fkey FOREIGN KEY(tenant_id, user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT user_role_tenant_id_role_id_fkey FOREIGN KEY(tenant_id, role_id) REFERENCES role (tenant_id, id), 
	CONSTRAINT user_role_tenant_id_user_id_role_id_key UNIQUE (tenant_id, user_id, role_id)
);

CREATE INDEX user_role_tenant_id_role_id_idx ON user_role (tenant_id, role_id);

COMMENT ON COLUMN user_role.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN user_role.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN user_role.user_id IS 'Who holds it.';

COMMENT ON COLUMN user_role.role_id IS 'Which role.';

CREATE TABLE activity (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT activity_kind_known_check CHECK ("kind" IN ('email', 'task', 'event', 'document', 'case')), 
	subject TEXT DEFAULT '' NOT NULL CONSTRAINT activity_subject_length_check CHECK (char_length("subject") <= 320), 
	body TEXT DEFAULT '' NOT NULL CONSTRAINT activity_body_length_check CHECK (char_length("body") <= 20000), 
	account_id UUID, 
	about TEXT DEFAULT 'account' NOT NULL CONSTRAINT activity_about_known_check CHECK ("about" IN ('account', 'contact', 'order', 'subscription')), 
	about_id UUID NOT NULL, 
	status TEXT DEFAULT 'open' NOT NULL CONSTRAINT activity_status_known_check CHECK ("status" IN ('open', 'done')), 
	due_at TIMESTAMP WITH TIME ZONE, 
	responsible_user_id UUID NOT NULL, 
	permission_rule_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(subject)) STORED NOT NULL, 
	CONSTRAINT activity_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT activity_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT activity_tenant_id_responsible_user_id_fkey FOREIGN KEY(tenant_id, responsible_user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT activity_tenant_id_permission_rule_id_fkey FOREIGN KEY(tenant_id, permission_rule_id) REFERENCES permission_rule (tenant_id, id)
);

CREATE INDEX activity_list_idx ON activity (tenant_id, created_at, id) INCLUDE (kind, status, due_at, account_id, responsible_user_id, permission_rule_id);

CREATE INDEX activity_search_idx ON activity USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX activity_tenant_id_about_id_idx ON activity (tenant_id, about_id);

CREATE INDEX activity_tenant_id_account_id_idx ON activity (tenant_id, account_id);

COMMENT ON COLUMN activity.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN activity.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN activity.kind IS 'What it is.';

COMMENT ON COLUMN activity.subject IS 'What it is about.';

COMMENT ON COLUMN activity.body IS 'The text.';

COMMENT ON COLUMN activity.account_id IS 'Account it belongs to.';

COMMENT ON COLUMN activity.about IS 'Kind of the record it relates to.';

COMMENT ON COLUMN activity.about_id IS 'The record it relates to.';

COMMENT ON COLUMN activity.status IS 'Whether something is left to do.';

COMMENT ON COLUMN activity.due_at IS 'By when, or when it happens.';

COMMENT ON COLUMN activity.responsible_user_id IS 'Who does it.';

COMMENT ON COLUMN activity.permission_rule_id IS 'Who may see and edit it.';

COMMENT ON COLUMN activity.created_at IS 'When it was made.';

COMMENT ON COLUMN activity.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN activity.search IS 'What search as you type looks in.';

CREATE TABLE address (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	position INTEGER DEFAULT 0 NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT address_name_length_check CHECK (char_length("name") <= 320), 
	street TEXT DEFAULT '' NOT NULL CONSTRAINT address_street_length_check CHECK (char_length("street") <= 320), 
	street_2 TEXT DEFAULT '' NOT NULL CONSTRAINT address_street_2_length_check CHECK (char_length("street_2") <= 320), 
	city TEXT DEFAULT '' NOT NULL CONSTRAINT address_city_length_check CHECK (char_length("city") <= 320), 
	postcode TEXT DEFAULT '' NOT NULL CONSTRAINT address_postcode_length_check CHECK (char_length("postcode") <= 320), 
	state TEXT DEFAULT '' NOT NULL CONSTRAINT address_state_length_check CHECK (char_length("state") <= 320), 
	country TEXT DEFAULT '' NOT NULL CONSTRAINT address_country_iso_check CHECK ("country" ~ '^([A-Z]{2})?$'), 
	phone TEXT DEFAULT '' NOT NULL CONSTRAINT address_phone_length_check CHECK (char_length("phone") <= 320), 
	is_billing BOOLEAN DEFAULT false NOT NULL, 
	standing TEXT DEFAULT 'own' NOT NULL CONSTRAINT address_standing_known_check CHECK ("standing" IN ('own', 'mirrored')), 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(name || ' ' || street || ' ' || postcode || ' ' || city)) STORED NOT NULL, 
	CONSTRAINT address_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT address_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id)
);

CREATE UNIQUE INDEX address_billing_idx ON address (tenant_id, account_id) WHERE is_billing;

CREATE INDEX address_search_idx ON address USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX address_tenant_id_account_id_idx ON address (tenant_id, account_id);

COMMENT ON COLUMN address.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN address.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN address.account_id IS 'Whose address.';

COMMENT ON COLUMN address.position IS 'Order among the account''s; the lowest is the first.';

COMMENT ON COLUMN address.name IS 'What it is called: Headquarters, Warehouse.';

COMMENT ON COLUMN address.street IS 'Street and number.';

COMMENT ON COLUMN address.street_2 IS 'Second line.';

COMMENT ON COLUMN address.city IS 'City.';

COMMENT ON COLUMN address.postcode IS 'Post code.';

COMMENT ON COLUMN address.state IS 'ISO 3166-2 code, or words where there is none.';

COMMENT ON COLUMN address.country IS 'ISO 3166-1 alpha-2 code; empty when not known.';

COMMENT ON COLUMN address.phone IS 'Telephone there.';

COMMENT ON COLUMN address.is_billing IS 'The billing address; at most one of an account is.';

COMMENT ON COLUMN address.standing IS 'Who manages it.';

COMMENT ON COLUMN address.created_at IS 'When it was made here.';

COMMENT ON COLUMN address.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN address.search IS 'What search as you type looks in.';

CREATE TABLE charge (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	bill_to_id UUID NOT NULL, 
	subscription_id UUID, 
	asset_id UUID, 
	change_id UUID, 
	order_id UUID, 
	product_id UUID NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT charge_kind_known_check CHECK ("kind" IN ('cycle', 'change', 'one_off')), 
	period_from DATE, 
	period_until DATE, 
	days INTEGER, 
	of_days INTEGER, 
	quantity INTEGER NOT NULL, 
	unit_price NUMERIC(20, 6) NOT NULL, 
	discount_percent NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	promotion_id UUID, 
	promotion_off NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	amount NUMERIC(20, 6) NOT NULL, 
	currency TEXT NOT NULL CONSTRAINT charge_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	explains TEXT DEFAULT '' NOT NULL CONSTRAINT charge_explains_length_check CHECK (char_length("explains") <= 320), 
	due_on DATE NOT NULL, 
	invoice_id UUID, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT charge_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT charge_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT charge_tenant_id_bill_to_id_fkey FOREIGN KEY(tenant_id, bill_to_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT charge_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id)
);

CREATE INDEX charge_pending_idx ON charge (tenant_id, bill_to_id, due_on) WHERE invoice_id IS NULL;

CREATE INDEX charge_tenant_id_account_id_idx ON charge (tenant_id, account_id);

CREATE INDEX charge_tenant_id_bill_to_id_idx ON charge (tenant_id, bill_to_id);

CREATE INDEX charge_tenant_id_due_on_id_idx ON charge (tenant_id, due_on, id);

CREATE INDEX charge_tenant_id_subscription_id_idx ON charge (tenant_id, subscription_id);

COMMENT ON COLUMN charge.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN charge.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN charge.account_id IS 'Who is delivered to.';

COMMENT ON COLUMN charge.bill_to_id IS 'Who pays.';

COMMENT ON COLUMN charge.subscription_id IS 'The subscription that it is for.';

COMMENT ON COLUMN charge.asset_id IS 'The asset that it is for.';

COMMENT ON COLUMN charge.change_id IS 'The change of the subscription that made it.';

COMMENT ON COLUMN charge.order_id IS 'The order that made it.';

COMMENT ON COLUMN charge.product_id IS 'What is charged: the product or an add-on.';

COMMENT ON COLUMN charge.kind IS 'For a period, for a change within one, or once.';

COMMENT ON COLUMN charge.period_from IS 'First day that it covers.';

COMMENT ON COLUMN charge.period_until IS 'Last day that it covers.';

COMMENT ON COLUMN charge.days IS 'How many days that are ...';

COMMENT ON COLUMN charge.of_days IS '... of how many of the whole period.';

COMMENT ON COLUMN charge.quantity IS 'How many units; less than none for what is given back.';

COMMENT ON COLUMN charge.unit_price IS 'Price of one unit a whole cycle, before what is taken off.';

COMMENT ON COLUMN charge.discount_percent IS 'Taken off, in percent.';

COMMENT ON COLUMN charge.promotion_id IS 'The promotion that was given.';

COMMENT ON COLUMN charge.promotion_off IS 'What it took off the amount.';

COMMENT ON COLUMN charge.amount IS 'What is owed, before tax; negative for what is given back.';

COMMENT ON COLUMN charge.currency IS 'Currency of the amount.';

COMMENT ON COLUMN charge.explains IS 'How the amount came to be, in one line.';

COMMENT ON COLUMN charge.due_on IS 'From which day it may be invoiced.';

COMMENT ON COLUMN charge.invoice_id IS 'The invoice that it is on (BIL-02).';

COMMENT ON COLUMN charge.created_at IS 'When it was made.';

COMMENT ON COLUMN charge.version IS '1 when made, one more with every change.';

CREATE TABLE contact (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	first_name TEXT DEFAULT '' NOT NULL CONSTRAINT contact_first_name_length_check CHECK (char_length("first_name") <= 320), 
	last_name TEXT NOT NULL CONSTRAINT contact_last_name_length_check CHECK (char_length(last_name) BETWEEN 1 AND 320), 
	company_role TEXT DEFAULT '' NOT NULL CONSTRAINT contact_company_role_length_check CHECK (char_length("company_role") <= 320), 
	email TEXT DEFAULT '' NOT NULL CONSTRAINT contact_email_length_check CHECK (char_length("email") <= 320), 
	phone TEXT DEFAULT '' NOT NULL CONSTRAINT contact_phone_length_check CHECK (char_length("phone") <= 320), 
	mobile TEXT DEFAULT '' NOT NULL CONSTRAINT contact_mobile_length_check CHECK (char_length("mobile") <= 320), 
	fax TEXT DEFAULT '' NOT NULL CONSTRAINT contact_fax_length_check CHECK (char_length("fax") <= 320), 
	language TEXT DEFAULT '' NOT NULL CONSTRAINT contact_language_length_check CHECK (char_length("language") <= 320), 
	lead_source TEXT DEFAULT '' NOT NULL CONSTRAINT contact_lead_source_length_check CHECK (char_length("lead_source") <= 320), 
	is_primary BOOLEAN DEFAULT false NOT NULL, 
	bill_to_contact BOOLEAN DEFAULT false NOT NULL, 
	opt_in BOOLEAN DEFAULT false NOT NULL, 
	custom_fields JSONB DEFAULT '{}'::jsonb NOT NULL, 
	storefront_user BOOLEAN DEFAULT false NOT NULL, 
	standing TEXT DEFAULT 'own' NOT NULL CONSTRAINT contact_standing_known_check CHECK ("standing" IN ('own', 'moved_out', 'transferred_out')), 
	responsible_user_id UUID NOT NULL, 
	permission_rule_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(first_name || ' ' || last_name || ' ' || email)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(last_name || ' ' || first_name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT contact_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT contact_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT contact_tenant_id_responsible_user_id_fkey FOREIGN KEY(tenant_id, responsible_user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT contact_tenant_id_permission_rule_id_fkey FOREIGN KEY(tenant_id, permission_rule_id) REFERENCES permission_rule (tenant_id, id)
);

CREATE INDEX contact_list_idx ON contact (tenant_id, sort_name, id) INCLUDE (account_id, created_at, responsible_user_id, permission_rule_id);

CREATE INDEX contact_search_idx ON contact USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX contact_tenant_id_account_id_idx ON contact (tenant_id, account_id);

COMMENT ON COLUMN contact.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN contact.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN contact.account_id IS 'Whose contact.';

COMMENT ON COLUMN contact.first_name IS 'First name.';

COMMENT ON COLUMN contact.last_name IS 'Last name.';

COMMENT ON COLUMN contact.company_role IS 'What he does there.';

COMMENT ON COLUMN contact.email IS 'E-mail; not unique.';

COMMENT ON COLUMN contact.phone IS 'Telephone.';

COMMENT ON COLUMN contact.mobile IS 'Mobile telephone.';

COMMENT ON COLUMN contact.fax IS 'Fax.';

COMMENT ON COLUMN contact.language IS 'BCP 47 tag; empty for the account''s.';

COMMENT ON COLUMN contact.lead_source IS 'Where the contact came from.';

COMMENT ON COLUMN contact.is_primary IS 'The person to turn to first.';

COMMENT ON COLUMN contact.bill_to_contact IS 'Gets the invoices.';

COMMENT ON COLUMN contact.opt_in IS 'Wants news.';

COMMENT ON COLUMN contact.custom_fields IS 'Values of the tenant''s own fields, by name.';

COMMENT ON COLUMN contact.storefront_user IS 'May sign in to the shop.';

COMMENT ON COLUMN contact.standing IS 'Who manages it.';

COMMENT ON COLUMN contact.responsible_user_id IS 'Who looks after him.';

COMMENT ON COLUMN contact.permission_rule_id IS 'Who may see and edit him.';

COMMENT ON COLUMN contact.created_at IS 'When he was made here.';

COMMENT ON COLUMN contact.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN contact.search IS 'What search as you type looks in.';

COMMENT ON COLUMN contact.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE invoice (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	series_id UUID NOT NULL, 
	number BIGINT, 
	code TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_code_length_check CHECK (char_length("code") <= 320), 
	status TEXT DEFAULT 'draft' NOT NULL CONSTRAINT invoice_status_known_check CHECK ("status" IN ('draft', 'issued')), 
	came_by TEXT DEFAULT 'hand' NOT NULL CONSTRAINT invoice_came_by_known_check CHECK ("came_by" IN ('run', 'hand')), 
	run_id UUID, 
	account_id UUID NOT NULL, 
	bill_to_id UUID NOT NULL, 
	issued_on DATE, 
	due_on DATE, 
	currency TEXT NOT NULL CONSTRAINT invoice_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	net NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	tax NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	total NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	account_name TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_account_name_length_check CHECK (char_length("account_name") <= 320), 
	bill_to_name TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_bill_to_name_length_check CHECK (char_length("bill_to_name") <= 320), 
	seller JSONB, 
	payer JSONB, 
	note TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_note_length_check CHECK (char_length("note") <= 20000), 
	standing TEXT DEFAULT 'own' NOT NULL CONSTRAINT invoice_standing_known_check CHECK ("standing" IN ('own', 'moved_out', 'transferred_out')), 
	responsible_user_id UUID NOT NULL, 
	permission_rule_id UUID NOT NULL, 
	issued_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(code || ' ' || bill_to_name || ' ' || account_name)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(bill_to_name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT invoice_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT invoice_tenant_id_series_id_fkey FOREIGN KEY(tenant_id, series_id) REFERENCES invoice_series (tenant_id, id), 
	CONSTRAINT invoice_tenant_id_run_id_fkey FOREIGN KEY(tenant_id, run_id) REFERENCES invoice_run (tenant_id, id), 
	CONSTRAINT invoice_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT invoice_tenant_id_bill_to_id_fkey FOREIGN KEY(tenant_id, bill_to_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT invoice_tenant_id_responsible_user_id_fkey FOREIGN KEY(tenant_id, responsible_user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT invoice_tenant_id_permission_rule_id_fkey FOREIGN KEY(tenant_id, permission_rule_id) REFERENCES permission_rule (tenant_id, id), 
	CONSTRAINT invoice_tenant_id_series_id_number_key UNIQUE (tenant_id, series_id, number), 
	CONSTRAINT invoice_numbered_when_issued_check CHECK ((status = 'issued') = (number IS NOT NULL)), 
	CONSTRAINT invoice_whole_when_issued_check CHECK (status = 'draft' OR num_nonnulls(issued_on, due_on, issued_at, seller, payer) = 5), 
	CONSTRAINT invoice_total_is_net_and_tax_check CHECK (total = net + tax)
);

CREATE INDEX invoice_search_idx ON invoice USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX invoice_tenant_id_account_id_idx ON invoice (tenant_id, account_id);

CREATE INDEX invoice_tenant_id_bill_to_id_idx ON invoice (tenant_id, bill_to_id);

CREATE INDEX invoice_tenant_id_run_id_idx ON invoice (tenant_id, run_id);

COMMENT ON COLUMN invoice.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN invoice.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN invoice.series_id IS 'Which series its number is of.';

COMMENT ON COLUMN invoice.number IS 'Its number in the series; none while it is a draft.';

COMMENT ON COLUMN invoice.code IS 'Its number as it is written, with the series'' prefix; empty while it is a draft.';

COMMENT ON COLUMN invoice.status IS 'Where it stands.';

COMMENT ON COLUMN invoice.came_by IS 'Whether it was made of charges, or by hand.';

COMMENT ON COLUMN invoice.run_id IS 'The run that made it.';

COMMENT ON COLUMN invoice.account_id IS 'Whom it is about: one customer, or who pays with all that he pays for.';

COMMENT ON COLUMN invoice.bill_to_id IS 'Who pays.';

COMMENT ON COLUMN invoice.issued_on IS 'Its date; none while it is a draft.';

COMMENT ON COLUMN invoice.due_on IS 'Last day to pay; none: as the series says, when it is issued.';

COMMENT ON COLUMN invoice.currency IS 'Currency of its amounts.';

COMMENT ON COLUMN invoice.net IS 'What its lines add up to, before tax.';

COMMENT ON COLUMN invoice.tax IS 'Tax on it (BIL-05).';

COMMENT ON COLUMN invoice.total IS 'What is to be paid: net and tax.';

COMMENT ON COLUMN invoice.account_name IS 'Whom it is about, by his name then.';

COMMENT ON COLUMN invoice.bill_to_name IS 'Who pays, by his name then.';

COMMENT ON COLUMN invoice.seller IS 'The organisation as it was when this was issued.';

COMMENT ON COLUMN invoice.payer IS 'Who pays as he was when this was issued: name, VAT number, address.';

COMMENT ON COLUMN invoice.note IS 'What is said with it.';

COMMENT ON COLUMN invoice.standing IS 'Whose document it is now.';

COMMENT ON COLUMN invoice.responsible_user_id IS 'Who looks after it.';

COMMENT ON COLUMN invoice.permission_rule_id IS 'Who may see and edit it.';

COMMENT ON COLUMN invoice.issued_at IS 'When it was issued.';

COMMENT ON COLUMN invoice.created_at IS 'When it was made.';

COMMENT ON COLUMN invoice.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN invoice.search IS 'What search as you type looks in.';

COMMENT ON COLUMN invoice.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE opportunity (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT opportunity_name_length_check CHECK (char_length("name") <= 320), 
	account_id UUID NOT NULL, 
	status TEXT DEFAULT 'open' NOT NULL CONSTRAINT opportunity_status_known_check CHECK ("status" IN ('open', 'won', 'lost')), 
	amount NUMERIC(20, 6), 
	currency TEXT NOT NULL CONSTRAINT opportunity_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	expected_on DATE, 
	note TEXT DEFAULT '' NOT NULL CONSTRAINT opportunity_note_length_check CHECK (char_length("note") <= 20000), 
	responsible_user_id UUID NOT NULL, 
	permission_rule_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(name)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT opportunity_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT opportunity_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT opportunity_tenant_id_responsible_user_id_fkey FOREIGN KEY(tenant_id, responsible_user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT opportunity_tenant_id_permission_rule_id_fkey FOREIGN KEY(tenant_id, permission_rule_id) REFERENCES permission_rule (tenant_id, id)
);

CREATE INDEX opportunity_search_idx ON opportunity USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX opportunity_tenant_id_account_id_idx ON opportunity (tenant_id, account_id);

COMMENT ON COLUMN opportunity.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN opportunity.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN opportunity.name IS 'Name.';

COMMENT ON COLUMN opportunity.account_id IS 'With whom.';

COMMENT ON COLUMN opportunity.status IS 'Where it stands.';

COMMENT ON COLUMN opportunity.amount IS 'What it may bring.';

COMMENT ON COLUMN opportunity.currency IS 'Currency of the amount.';

COMMENT ON COLUMN opportunity.expected_on IS 'By when it is expected to be decided.';

COMMENT ON COLUMN opportunity.note IS 'What is known of it.';

COMMENT ON COLUMN opportunity.responsible_user_id IS 'Who looks after it.';

COMMENT ON COLUMN opportunity.permission_rule_id IS 'Who may see and edit it.';

COMMENT ON COLUMN opportunity.created_at IS 'When it was made.';

COMMENT ON COLUMN opportunity.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN opportunity.search IS 'What search as you type looks in.';

COMMENT ON COLUMN opportunity.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE plan (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT plan_name_length_check CHECK (char_length("name") <= 320), 
	descends_from_id UUID, 
	descends_from_name TEXT DEFAULT '' NOT NULL CONSTRAINT plan_descends_from_name_length_check CHECK (char_length("descends_from_name") <= 320), 
	standing TEXT DEFAULT 'own' NOT NULL CONSTRAINT plan_standing_known_check CHECK ("standing" IN ('own', 'inherited', 'withdrawn')), 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(name || ' ' || descends_from_name)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT plan_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT plan_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id)
);

CREATE INDEX plan_name_idx ON plan (tenant_id, sort_name, id);

CREATE INDEX plan_search_idx ON plan USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX plan_tenant_id_product_id_idx ON plan (tenant_id, product_id);

COMMENT ON COLUMN plan.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN plan.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN plan.product_id IS 'The product it sells.';

COMMENT ON COLUMN plan.name IS 'Name of the plan.';

COMMENT ON COLUMN plan.descends_from_id IS 'The plan of the seller above that it descends from: a delegated plan.';

COMMENT ON COLUMN plan.descends_from_name IS 'What that plan was called when the catalogue last came from above.';

COMMENT ON COLUMN plan.standing IS 'Whose plan it is.';

COMMENT ON COLUMN plan.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN plan.search IS 'What search as you type looks in.';

COMMENT ON COLUMN plan.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE price_list_item (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	price_list_id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	cycle TEXT NOT NULL CONSTRAINT price_list_item_cycle_known_check CHECK ("cycle" IN ('one_off', 'monthly', 'quarterly', 'half_yearly', 'yearly')), 
	min_quantity INTEGER DEFAULT 1 NOT NULL CONSTRAINT price_list_item_min_quantity_positive_check CHECK (min_quantity >= 1), 
	price NUMERIC(20, 6), 
	margin_percent NUMERIC(20, 6), 
	valid_from DATE, 
	valid_until DATE, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT price_list_item_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT price_list_item_tenant_id_price_list_id_fkey FOREIGN KEY(tenant_id, price_list_id) REFERENCES price_list (tenant_id, id), 
	CONSTRAINT price_list_item_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT price_list_item_key UNIQUE NULLS NOT DISTINCT (tenant_id, price_list_id, product_id, cycle, min_quantity, valid_from), 
	CONSTRAINT price_list_item_price_or_margin_check CHECK (num_nonnulls(price, margin_percent) <= 1), 
	CONSTRAINT price_list_item_validity_forward_check CHECK (valid_until >= valid_from), 
	CONSTRAINT price_list_item_no_overlap EXCLUDE USING gist (tenant_id WITH =, price_list_id WITH =, product_id WITH =, cycle WITH =, min_quantity WITH =, daterange(valid_from, valid_until, '[]') WITH &&)
);

CREATE INDEX price_list_item_tenant_id_product_id_idx ON price_list_item (tenant_id, product_id);

COMMENT ON COLUMN price_list_item.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN price_list_item.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN price_list_item.price_list_id IS 'Which list.';

COMMENT ON COLUMN price_list_item.product_id IS 'Which product.';

COMMENT ON COLUMN price_list_item.cycle IS 'Paid how often.';

COMMENT ON COLUMN price_list_item.min_quantity IS 'From how many units on: a volume tier.';

COMMENT ON COLUMN price_list_item.price IS 'Price of one unit a cycle, in the list''s currency ...';

COMMENT ON COLUMN price_list_item.margin_percent IS '... or what is put on its cost, in percent of it; neither: its unit price.';

COMMENT ON COLUMN price_list_item.valid_from IS 'First day; none: always.';

COMMENT ON COLUMN price_list_item.valid_until IS 'Last day; none: open.';

COMMENT ON COLUMN price_list_item.version IS '1 when made, one more with every change.';

CREATE TABLE product_add_on (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	add_on_id UUID NOT NULL, 
	CONSTRAINT product_add_on_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT product_add_on_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT product_add_on_tenant_id_add_on_id_fkey FOREIGN KEY(tenant_id, add_on_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT product_add_on_tenant_id_product_id_add_on_id_key UNIQUE (tenant_id, product_id, add_on_id)
);

CREATE INDEX product_add_on_tenant_id_add_on_id_idx ON product_add_on (tenant_id, add_on_id);

COMMENT ON COLUMN product_add_on.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN product_add_on.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN product_add_on.product_id IS 'The product ...';

COMMENT ON COLUMN product_add_on.add_on_id IS '... that this add-on can be bought with.';

CREATE TABLE product_characteristic (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT product_characteristic_name_length_check CHECK (char_length("name") <= 320), 
	value TEXT DEFAULT '' NOT NULL CONSTRAINT product_characteristic_value_length_check CHECK (char_length("value") <= 320), 
	position INTEGER DEFAULT 0 NOT NULL, 
	CONSTRAINT product_characteristic_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT product_characteristic_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT product_characteristic_key UNIQUE (tenant_id, product_id, name)
);

COMMENT ON COLUMN product_characteristic.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN product_characteristic.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN product_characteristic.product_id IS 'Which product.';

COMMENT ON COLUMN product_characteristic.name IS 'What is said of it: storage, seats included.';

COMMENT ON COLUMN product_characteristic.value IS 'The value, as people read it.';

COMMENT ON COLUMN product_characteristic.position IS 'Its place in the list.';

CREATE TABLE product_path (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT product_path_kind_known_check CHECK ("kind" IN ('upgrade', 'downgrade')), 
	to_product_id UUID NOT NULL, 
	CONSTRAINT product_path_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT product_path_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT product_path_tenant_id_to_product_id_fkey FOREIGN KEY(tenant_id, to_product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT product_path_key UNIQUE (tenant_id, product_id, to_product_id), 
	CONSTRAINT product_path_elsewhere_check CHECK (product_id <> to_product_id)
);

CREATE INDEX product_path_tenant_id_to_product_id_idx ON product_path (tenant_id, to_product_id);

COMMENT ON COLUMN product_path.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN product_path.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN product_path.product_id IS 'A subscription of this product ...';

COMMENT ON COLUMN product_path.kind IS '... may go up or down ...';

COMMENT ON COLUMN product_path.to_product_id IS '... to this one (CAT-01, SUB-02).';

CREATE TABLE product_price (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	cycle TEXT NOT NULL CONSTRAINT product_price_cycle_known_check CHECK ("cycle" IN ('one_off', 'monthly', 'quarterly', 'half_yearly', 'yearly')), 
	currency TEXT NOT NULL CONSTRAINT product_price_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	unit_price NUMERIC(20, 6) NOT NULL, 
	cost NUMERIC(20, 6), 
	term_months SMALLINT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT product_price_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT product_price_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT product_price_key UNIQUE (tenant_id, product_id, cycle, currency)
);

COMMENT ON COLUMN product_price.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN product_price.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN product_price.product_id IS 'Which product.';

COMMENT ON COLUMN product_price.cycle IS 'Paid how often.';

COMMENT ON COLUMN product_price.currency IS 'In which currency.';

COMMENT ON COLUMN product_price.unit_price IS 'Selling price of one unit a cycle.';

COMMENT ON COLUMN product_price.cost IS 'What one unit costs the tenant a cycle.';

COMMENT ON COLUMN product_price.term_months IS 'For how many months a buyer commits himself; none: for one cycle.';

COMMENT ON COLUMN product_price.version IS '1 when made, one more with every change.';

CREATE TABLE promotion (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT promotion_name_length_check CHECK (char_length("name") <= 320), 
	code TEXT DEFAULT '' NOT NULL CONSTRAINT promotion_code_length_check CHECK (char_length("code") <= 320), 
	product_id UUID NOT NULL, 
	cycle TEXT, 
	kind TEXT NOT NULL CONSTRAINT promotion_kind_known_check CHECK ("kind" IN ('percent', 'amount')), 
	"off" NUMERIC(20, 6) NOT NULL, 
	currency TEXT CONSTRAINT promotion_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	duration TEXT DEFAULT 'once' NOT NULL CONSTRAINT promotion_duration_known_check CHECK ("duration" IN ('once', 'cycles', 'lifetime')), 
	cycles SMALLINT, 
	valid_from DATE, 
	valid_until DATE, 
	new_customers_only BOOLEAN DEFAULT false NOT NULL, 
	active BOOLEAN DEFAULT true NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(name || ' ' || code)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT promotion_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT promotion_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT promotion_off_something_check CHECK (off > 0), 
	CONSTRAINT promotion_amount_in_currency_check CHECK ((kind = 'amount') = (currency IS NOT NULL)), 
	CONSTRAINT promotion_cycles_of_duration_check CHECK ((duration = 'cycles') = (cycles IS NOT NULL) AND cycles > 0), 
	CONSTRAINT promotion_validity_forward_check CHECK (valid_until >= valid_from)
);

CREATE INDEX promotion_search_idx ON promotion USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX promotion_tenant_id_product_id_idx ON promotion (tenant_id, product_id);

COMMENT ON COLUMN promotion.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN promotion.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN promotion.name IS 'Name.';

COMMENT ON COLUMN promotion.code IS 'What a buyer types; empty: it applies by itself.';

COMMENT ON COLUMN promotion.product_id IS 'For which product.';

COMMENT ON COLUMN promotion.cycle IS 'For which cycle; none: for each.';

COMMENT ON COLUMN promotion.kind IS 'Taken off in percent, or as an amount of each unit.';

COMMENT ON COLUMN promotion."off" IS 'How much is taken off.';

COMMENT ON COLUMN promotion.currency IS 'Currency of the amount; none for percent.';

COMMENT ON COLUMN promotion.duration IS 'For the first cycle, for some, or for good.';

COMMENT ON COLUMN promotion.cycles IS 'For how many cycles.';

COMMENT ON COLUMN promotion.valid_from IS 'First day it is given; none: always.';

COMMENT ON COLUMN promotion.valid_until IS 'Last day; none: open.';

COMMENT ON COLUMN promotion.new_customers_only IS 'Only for accounts that never had a subscription.';

COMMENT ON COLUMN promotion.active IS 'May be given.';

COMMENT ON COLUMN promotion.created_at IS 'When it was made.';

COMMENT ON COLUMN promotion.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN promotion.search IS 'What search as you type looks in.';

COMMENT ON COLUMN promotion.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE sync_option (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	system_id UUID NOT NULL, 
	external_id TEXT DEFAULT '' NOT NULL CONSTRAINT sync_option_external_id_length_check CHECK (char_length("external_id") <= 320), 
	status TEXT DEFAULT 'not_synchronized' NOT NULL CONSTRAINT sync_option_status_known_check CHECK ("status" IN ('not_synchronized', 'pending', 'synchronized', 'failed')), 
	system_data JSONB DEFAULT '{}'::jsonb NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT sync_option_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT sync_option_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT sync_option_tenant_id_system_id_fkey FOREIGN KEY(tenant_id, system_id) REFERENCES provisioning_system (tenant_id, id), 
	CONSTRAINT sync_option_tenant_id_account_id_system_id_key UNIQUE (tenant_id, account_id, system_id)
);

CREATE INDEX sync_option_tenant_id_system_id_idx ON sync_option (tenant_id, system_id);

COMMENT ON COLUMN sync_option.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN sync_option.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN sync_option.account_id IS 'Which account ...';

COMMENT ON COLUMN sync_option.system_id IS '... is tied to which outside system.';

COMMENT ON COLUMN sync_option.external_id IS 'Its id there.';

COMMENT ON COLUMN sync_option.status IS 'Where the tie stands.';

COMMENT ON COLUMN sync_option.system_data IS 'What the system tells about it: domain, tenant name.';

COMMENT ON COLUMN sync_option.created_at IS 'When it was made here.';

COMMENT ON COLUMN sync_option.version IS '1 when made, one more with every change.';

CREATE TABLE tenant_reseller (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	reseller_tenant_id UUID NOT NULL, 
	state TEXT DEFAULT 'creating' NOT NULL CONSTRAINT tenant_reseller_state_known_check CHECK ("state" IN ('creating', 'set_up', 'accounts_transferred', 'live', 'suspended', 'closed')), 
	price_list_id UUID NOT NULL, 
	separate_invoices BOOLEAN DEFAULT false NOT NULL, 
	credit_checked BOOLEAN, 
	credit_turn BIGINT DEFAULT 0 NOT NULL, 
	settings JSONB DEFAULT '{}'::jsonb NOT NULL, 
	steps JSONB DEFAULT '[]'::jsonb NOT NULL, 
	problem TEXT DEFAULT '' NOT NULL CONSTRAINT tenant_reseller_problem_length_check CHECK (char_length("problem") <= 320), 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	set_up_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT tenant_reseller_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT tenant_reseller_tenant_id_id_fkey FOREIGN KEY(tenant_id, id) REFERENCES account (tenant_id, id), 
	CONSTRAINT tenant_reseller_tenant_id_price_list_id_fkey FOREIGN KEY(tenant_id, price_list_id) REFERENCES price_list (tenant_id, id), 
	CONSTRAINT tenant_reseller_tenant_id_reseller_tenant_id_key UNIQUE (tenant_id, reseller_tenant_id)
);

COMMENT ON COLUMN tenant_reseller.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN tenant_reseller.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN tenant_reseller.reseller_tenant_id IS 'The tenant it has of its own.';

COMMENT ON COLUMN tenant_reseller.state IS 'TEN-06.';

COMMENT ON COLUMN tenant_reseller.price_list_id IS 'What it may resell, at what it pays.';

COMMENT ON COLUMN tenant_reseller.separate_invoices IS 'Mirrored customers get an invoice each.';

COMMENT ON COLUMN tenant_reseller.credit_checked IS 'What he sells is provisioned within his credit limit here only; undecided before he has one (UP-47).';

COMMENT ON COLUMN tenant_reseller.credit_turn IS 'Counts the decisions about his credit, so that no two are made at once (UP-47).';

COMMENT ON COLUMN tenant_reseller.settings IS 'The form it was created with: language, edition, admin user.';

COMMENT ON COLUMN tenant_reseller.steps IS 'Steps of its creation: name, what was made, when.';

COMMENT ON COLUMN tenant_reseller.problem IS 'Why its creation stopped; empty when it did not.';

COMMENT ON COLUMN tenant_reseller.created_at IS 'When it was asked for.';

COMMENT ON COLUMN tenant_reseller.set_up_at IS 'When its creation was complete.';

COMMENT ON COLUMN tenant_reseller.version IS '1 when made, one more with every change.';

CREATE TABLE trial_use (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	subscription_id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT trial_use_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT trial_use_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT trial_use_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT trial_use_tenant_id_account_id_product_id_key UNIQUE (tenant_id, account_id, product_id)
);

COMMENT ON COLUMN trial_use.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN trial_use.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN trial_use.account_id IS 'Which account ...';

COMMENT ON COLUMN trial_use.product_id IS '... has tried which product.';

COMMENT ON COLUMN trial_use.subscription_id IS 'As which subscription.';

COMMENT ON COLUMN trial_use.at IS 'When.';

CREATE TABLE catalogue_update (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	tenant_reseller_id UUID NOT NULL, 
	mode TEXT DEFAULT 'full' NOT NULL CONSTRAINT catalogue_update_mode_known_check CHECK ("mode" IN ('full', 'purchase_prices')), 
	with_selling_prices BOOLEAN DEFAULT false NOT NULL, 
	status TEXT DEFAULT 'planned' NOT NULL CONSTRAINT catalogue_update_status_known_check CHECK ("status" IN ('planned', 'applied', 'outdated')), 
	digest TEXT DEFAULT '' NOT NULL CONSTRAINT catalogue_update_digest_length_check CHECK (char_length("digest") <= 320), 
	differences JSONB NOT NULL, 
	actor_id UUID, 
	actor TEXT DEFAULT '' NOT NULL CONSTRAINT catalogue_update_actor_length_check CHECK (char_length("actor") <= 320), 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	applied_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT catalogue_update_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT catalogue_update_tenant_id_tenant_reseller_id_fkey FOREIGN KEY(tenant_id, tenant_reseller_id) REFERENCES tenant_reseller (tenant_id, id)
);

CREATE INDEX catalogue_update_tenant_id_tenant_reseller_id_idx ON catalogue_update (tenant_id, tenant_reseller_id);

COMMENT ON COLUMN catalogue_update.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN catalogue_update.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN catalogue_update.tenant_reseller_id IS 'Whose catalogue.';

COMMENT ON COLUMN catalogue_update.mode IS 'All that is inherited, or purchase prices only.';

COMMENT ON COLUMN catalogue_update.with_selling_prices IS 'Whether the reseller''s selling prices are set to the distributor''s too.';

COMMENT ON COLUMN catalogue_update.status IS 'Where it stands.';

COMMENT ON COLUMN catalogue_update.digest IS 'Hash of the differences that were shown.';

COMMENT ON COLUMN catalogue_update.differences IS 'Item by item: what, field, before, after, rule.';

COMMENT ON COLUMN catalogue_update.actor_id IS 'Who applied it.';

COMMENT ON COLUMN catalogue_update.actor IS 'His name then.';

COMMENT ON COLUMN catalogue_update.created_at IS 'When it was planned.';

COMMENT ON COLUMN catalogue_update.applied_at IS 'When it was applied.';

COMMENT ON COLUMN catalogue_update.version IS '1 when made, one more with every change.';

CREATE TABLE handover (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	number BIGINT NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT handover_kind_known_check CHECK ("kind" IN ('transfer_accounts', 'transfer_subscriptions', 'activate_back_ordering')), 
	status TEXT DEFAULT 'planning' NOT NULL CONSTRAINT handover_status_known_check CHECK ("status" IN ('planning', 'planned', 'awaiting_approval', 'scheduled', 'running', 'completed', 'completed_with_failures', 'failed', 'cancelled', 'undoing', 'undone')), 
	tenant_reseller_id UUID NOT NULL, 
	taker_id UUID NOT NULL, 
	choices JSONB NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL CONSTRAINT handover_reason_length_check CHECK (char_length("reason") <= 20000), 
	digest TEXT, 
	findings JSONB DEFAULT '[]'::jsonb NOT NULL, 
	counts JSONB DEFAULT '{}'::jsonb NOT NULL, 
	rules TEXT, 
	planned_by UUID, 
	planned_by_name TEXT DEFAULT '' NOT NULL, 
	confirmed_by UUID, 
	confirmed_by_name TEXT DEFAULT '' NOT NULL, 
	undone_by UUID, 
	undone_by_name TEXT DEFAULT '' NOT NULL, 
	planned_at TIMESTAMP WITH TIME ZONE, 
	confirmed_at TIMESTAMP WITH TIME ZONE, 
	scheduled_at TIMESTAMP WITH TIME ZONE, 
	started_at TIMESTAMP WITH TIME ZONE, 
	completed_at TIMESTAMP WITH TIME ZONE, 
	undone_at TIMESTAMP WITH TIME ZONE, 
	cancel_asked BOOLEAN DEFAULT false NOT NULL, 
	problem TEXT DEFAULT '' NOT NULL CONSTRAINT handover_problem_length_check CHECK (char_length("problem") <= 320), 
	total INTEGER DEFAULT 0 NOT NULL, 
	done INTEGER DEFAULT 0 NOT NULL, 
	position UUID, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT handover_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT handover_tenant_id_tenant_reseller_id_fkey FOREIGN KEY(tenant_id, tenant_reseller_id) REFERENCES tenant_reseller (tenant_id, id), 
	CONSTRAINT handover_tenant_id_number_key UNIQUE (tenant_id, number)
);

CREATE INDEX handover_tenant_id_tenant_reseller_id_idx ON handover (tenant_id, tenant_reseller_id);

COMMENT ON COLUMN handover.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN handover.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN handover.number IS 'The tenant''s own number for it.';

COMMENT ON COLUMN handover.kind IS 'Which handover.';

COMMENT ON COLUMN handover.status IS 'HND-06.';

COMMENT ON COLUMN handover.tenant_reseller_id IS 'The tenant reseller it is about.';

COMMENT ON COLUMN handover.taker_id IS 'The tenant that takes.';

COMMENT ON COLUMN handover.choices IS 'What was chosen: accounts or subscriptions (ids or all), and options.';

COMMENT ON COLUMN handover.reason IS 'Why, in the words of the one who planned it, or confirmed it.';

COMMENT ON COLUMN handover.digest IS 'SHA-256 over kind, choices, rules, findings and records of the plan.';

COMMENT ON COLUMN handover.findings IS 'What the checks found.';

COMMENT ON COLUMN handover.counts IS 'How many records of which verdict.';

COMMENT ON COLUMN handover.rules IS 'Fingerprint of the rules it was planned under.';

COMMENT ON COLUMN handover.planned_by IS 'Who planned it.';

COMMENT ON COLUMN handover.planned_by_name IS 'His name then.';

COMMENT ON COLUMN handover.confirmed_by IS 'Who confirmed it.';

COMMENT ON COLUMN handover.confirmed_by_name IS 'His name then.';

COMMENT ON COLUMN handover.undone_by IS 'Who undid it.';

COMMENT ON COLUMN handover.undone_by_name IS 'His name then.';

COMMENT ON COLUMN handover.planned_at IS 'When the plan was complete.';

COMMENT ON COLUMN handover.confirmed_at IS 'When it was confirmed.';

COMMENT ON COLUMN handover.scheduled_at IS 'When it is to run; none: at once.';

COMMENT ON COLUMN handover.started_at IS 'When the run began.';

COMMENT ON COLUMN handover.completed_at IS 'When the run ended.';

COMMENT ON COLUMN handover.undone_at IS 'When it was undone.';

COMMENT ON COLUMN handover.cancel_asked IS 'Somebody asked to stop it; chunks that were committed stay.';

COMMENT ON COLUMN handover.problem IS 'Why it failed, or why it was cancelled.';

COMMENT ON COLUMN handover.total IS 'Records to be handed over, or undone.';

COMMENT ON COLUMN handover.done IS 'Records dealt with so far.';

COMMENT ON COLUMN handover.position IS 'Last record of the last committed chunk.';

COMMENT ON COLUMN handover.created_at IS 'When planning began.';

COMMENT ON COLUMN handover.version IS '1 when made, one more with every change.';

CREATE TABLE invoice_line (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	invoice_id UUID NOT NULL, 
	position INTEGER DEFAULT 0 NOT NULL, 
	charge_id UUID, 
	account_id UUID NOT NULL, 
	customer TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_line_customer_length_check CHECK (char_length("customer") <= 320), 
	subscription_id UUID, 
	subscription TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_line_subscription_length_check CHECK (char_length("subscription") <= 320), 
	change_id UUID, 
	change TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_line_change_length_check CHECK (char_length("change") <= 320), 
	asset_id UUID, 
	order_id UUID, 
	product_id UUID, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_line_name_length_check CHECK (char_length("name") <= 320), 
	explains TEXT DEFAULT '' NOT NULL CONSTRAINT invoice_line_explains_length_check CHECK (char_length("explains") <= 320), 
	period_from DATE, 
	period_until DATE, 
	quantity NUMERIC(20, 6) NOT NULL, 
	unit_price NUMERIC(20, 6) NOT NULL, 
	discount_percent NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	net NUMERIC(20, 6) NOT NULL, 
	tax_percent NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	tax NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT invoice_line_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT invoice_line_tenant_id_invoice_id_fkey FOREIGN KEY(tenant_id, invoice_id) REFERENCES invoice (tenant_id, id), 
	CONSTRAINT invoice_line_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT invoice_line_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT invoice_line_tenant_id_charge_id_key UNIQUE (tenant_id, charge_id)
);

CREATE INDEX invoice_line_tenant_id_account_id_idx ON invoice_line (tenant_id, account_id);

CREATE INDEX invoice_line_tenant_id_invoice_id_idx ON invoice_line (tenant_id, invoice_id);

COMMENT ON COLUMN invoice_line.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN invoice_line.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN invoice_line.invoice_id IS 'Which invoice.';

COMMENT ON COLUMN invoice_line.position IS 'Its place on the invoice.';

COMMENT ON COLUMN invoice_line.charge_id IS 'The charge that it asks for; none for one made by hand.';

COMMENT ON COLUMN invoice_line.account_id IS 'The customer that it is for.';

COMMENT ON COLUMN invoice_line.customer IS 'The customer''s name then.';

COMMENT ON COLUMN invoice_line.subscription_id IS 'The subscription that it is for.';

COMMENT ON COLUMN invoice_line.subscription IS 'The subscription''s name then.';

COMMENT ON COLUMN invoice_line.change_id IS 'The change of the subscription that made it.';

COMMENT ON COLUMN invoice_line.change IS 'What that change was.';

COMMENT ON COLUMN invoice_line.asset_id IS 'The asset that it is for.';

COMMENT ON COLUMN invoice_line.order_id IS 'The order that made it.';

COMMENT ON COLUMN invoice_line.product_id IS 'What is invoiced; none for words.';

COMMENT ON COLUMN invoice_line.name IS 'What is invoiced: the product''s name then, or words.';

COMMENT ON COLUMN invoice_line.explains IS 'How the amount came to be, in one line (BIL-07).';

COMMENT ON COLUMN invoice_line.period_from IS 'First day that it covers.';

COMMENT ON COLUMN invoice_line.period_until IS 'Last day that it covers.';

COMMENT ON COLUMN invoice_line.quantity IS 'How many units; less than none for what is given back.';

COMMENT ON COLUMN invoice_line.unit_price IS 'Price of one unit, before what is taken off.';

COMMENT ON COLUMN invoice_line.discount_percent IS 'Taken off, in percent.';

COMMENT ON COLUMN invoice_line.net IS 'What is owed for it, before tax.';

COMMENT ON COLUMN invoice_line.tax_percent IS 'Tax on it, in percent (BIL-05).';

COMMENT ON COLUMN invoice_line.tax IS 'Tax on it (BIL-05).';

COMMENT ON COLUMN invoice_line.version IS '1 when made, one more with every change.';

CREATE TABLE "order" (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	number BIGINT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT order_name_length_check CHECK (char_length("name") <= 320), 
	account_id UUID NOT NULL, 
	bill_to_id UUID NOT NULL, 
	price_list_id UUID, 
	payment_method_id UUID, 
	order_type_id UUID, 
	status TEXT DEFAULT 'draft' NOT NULL CONSTRAINT order_status_known_check CHECK ("status" IN ('draft', 'submitted', 'executed', 'cancelled')), 
	order_status_id UUID, 
	part_of_id UUID, 
	approval TEXT DEFAULT 'none' NOT NULL CONSTRAINT order_approval_known_check CHECK ("approval" IN ('none', 'waiting', 'approved', 'refused')), 
	credit_figures JSONB, 
	reserved NUMERIC(20, 6), 
	ordered_on DATE NOT NULL, 
	currency TEXT NOT NULL CONSTRAINT order_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	sales_rep_id UUID, 
	contact_id UUID, 
	campaign TEXT DEFAULT '' NOT NULL CONSTRAINT order_campaign_length_check CHECK (char_length("campaign") <= 320), 
	came_by TEXT DEFAULT 'person' NOT NULL CONSTRAINT order_came_by_known_check CHECK ("came_by" IN ('person', 'shop', 'system')), 
	custom_fields JSONB DEFAULT '{}'::jsonb NOT NULL, 
	responsible_user_id UUID NOT NULL, 
	permission_rule_id UUID NOT NULL, 
	standing TEXT DEFAULT 'own' NOT NULL CONSTRAINT order_standing_known_check CHECK ("standing" IN ('own', 'marked', 'back_order', 'frozen')), 
	managed_by UUID, 
	submitted_at TIMESTAMP WITH TIME ZONE, 
	executed_at TIMESTAMP WITH TIME ZONE, 
	cancelled_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(name || ' ' || number || ' ' || campaign)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT order_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT order_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT order_tenant_id_bill_to_id_fkey FOREIGN KEY(tenant_id, bill_to_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT order_tenant_id_price_list_id_fkey FOREIGN KEY(tenant_id, price_list_id) REFERENCES price_list (tenant_id, id), 
	CONSTRAINT order_tenant_id_payment_method_id_fkey FOREIGN KEY(tenant_id, payment_method_id) REFERENCES payment_method (tenant_id, id), 
	CONSTRAINT order_tenant_id_order_type_id_fkey FOREIGN KEY(tenant_id, order_type_id) REFERENCES order_type (tenant_id, id), 
	CONSTRAINT order_tenant_id_order_status_id_fkey FOREIGN KEY(tenant_id, order_status_id) REFERENCES order_status (tenant_id, id), 
	CONSTRAINT order_tenant_id_part_of_id_fkey FOREIGN KEY(tenant_id, part_of_id) REFERENCES "order" (tenant_id, id), 
	CONSTRAINT order_tenant_id_sales_rep_id_fkey FOREIGN KEY(tenant_id, sales_rep_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT order_tenant_id_contact_id_fkey FOREIGN KEY(tenant_id, contact_id) REFERENCES contact (tenant_id, id), 
	CONSTRAINT order_tenant_id_responsible_user_id_fkey FOREIGN KEY(tenant_id, responsible_user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT order_tenant_id_permission_rule_id_fkey FOREIGN KEY(tenant_id, permission_rule_id) REFERENCES permission_rule (tenant_id, id), 
	CONSTRAINT order_tenant_id_number_key UNIQUE (tenant_id, number), 
	CONSTRAINT order_standing_and_managed_by_check CHECK ((standing IN ('marked', 'back_order')) = (managed_by IS NOT NULL))
) WITH (fillfactor = 85);

CREATE INDEX order_reserved_idx ON "order" (tenant_id, bill_to_id) WHERE reserved IS NOT NULL;

CREATE INDEX order_search_idx ON "order" USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX order_tenant_id_account_id_idx ON "order" (tenant_id, account_id);

CREATE INDEX order_tenant_id_part_of_id_idx ON "order" (tenant_id, part_of_id);

CREATE INDEX order_to_do_idx ON "order" (tenant_id, status, number) WHERE status IN ('draft', 'submitted');

CREATE INDEX order_waiting_idx ON "order" (tenant_id, bill_to_id) WHERE approval = 'waiting';

COMMENT ON COLUMN "order".tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN "order".id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN "order".number IS 'The tenant''s own number for it.';

COMMENT ON COLUMN "order".name IS 'Name.';

COMMENT ON COLUMN "order".account_id IS 'Who buys.';

COMMENT ON COLUMN "order".bill_to_id IS 'Who pays.';

COMMENT ON COLUMN "order".price_list_id IS 'Whose prices.';

COMMENT ON COLUMN "order".payment_method_id IS 'How it is paid.';

COMMENT ON COLUMN "order".order_type_id IS 'Its type.';

COMMENT ON COLUMN "order".status IS 'Where it stands.';

COMMENT ON COLUMN "order".order_status_id IS 'The tenant''s own name for that; none: its default.';

COMMENT ON COLUMN "order".part_of_id IS 'The order that it delivers a part of: a sub-order (ORD-02).';

COMMENT ON COLUMN "order".approval IS 'Whether somebody has to allow it over the limit.';

COMMENT ON COLUMN "order".credit_figures IS 'Limit, balance, what the order adds, when it was last looked at (ORD-05, UP-47).';

COMMENT ON COLUMN "order".reserved IS 'Of a back order: what it keeps of the reseller''s credit until it is charged (UP-47); none: nothing.';

COMMENT ON COLUMN "order".ordered_on IS 'Order date.';

COMMENT ON COLUMN "order".currency IS 'Currency of its prices.';

COMMENT ON COLUMN "order".sales_rep_id IS 'Who sold it.';

COMMENT ON COLUMN "order".contact_id IS 'Whom it was agreed with.';

COMMENT ON COLUMN "order".campaign IS 'Campaign it came from.';

COMMENT ON COLUMN "order".came_by IS 'How it came to be.';

COMMENT ON COLUMN "order".custom_fields IS 'Values of the tenant''s own fields, by name.';

COMMENT ON COLUMN "order".responsible_user_id IS 'Who looks after it.';

COMMENT ON COLUMN "order".permission_rule_id IS 'Who may see and edit it.';

COMMENT ON COLUMN "order".standing IS 'Who manages this order.';

COMMENT ON COLUMN "order".managed_by IS 'The tenant below that its account is managed by, when marked or a back order.';

COMMENT ON COLUMN "order".submitted_at IS 'When it was submitted.';

COMMENT ON COLUMN "order".executed_at IS 'When it was executed.';

COMMENT ON COLUMN "order".cancelled_at IS 'When it was cancelled.';

COMMENT ON COLUMN "order".created_at IS 'When it was made here.';

COMMENT ON COLUMN "order".version IS '1 when made, one more with every change.';

COMMENT ON COLUMN "order".search IS 'What search as you type looks in.';

COMMENT ON COLUMN "order".sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE reconcile_run (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	tenant_reseller_id UUID NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT reconcile_run_kind_known_check CHECK ("kind" IN ('comparison', 'repair')), 
	status TEXT DEFAULT 'waiting' NOT NULL CONSTRAINT reconcile_run_status_known_check CHECK ("status" IN ('waiting', 'running', 'completed', 'failed')), 
	repairs_id UUID, 
	last_message BIGINT, 
	total INTEGER DEFAULT 0 NOT NULL, 
	done INTEGER DEFAULT 0 NOT NULL, 
	position UUID, 
	compared INTEGER DEFAULT 0 NOT NULL, 
	differences INTEGER DEFAULT 0 NOT NULL, 
	accounts INTEGER DEFAULT 0 NOT NULL, 
	on_its_way INTEGER DEFAULT 0 NOT NULL, 
	set_aside INTEGER DEFAULT 0 NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL CONSTRAINT reconcile_run_reason_length_check CHECK (char_length("reason") <= 20000), 
	asked_by UUID, 
	asked_by_name TEXT DEFAULT '' NOT NULL CONSTRAINT reconcile_run_asked_by_name_length_check CHECK (char_length("asked_by_name") <= 320), 
	problem TEXT DEFAULT '' NOT NULL CONSTRAINT reconcile_run_problem_length_check CHECK (char_length("problem") <= 320), 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE, 
	completed_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT reconcile_run_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT reconcile_run_tenant_id_tenant_reseller_id_fkey FOREIGN KEY(tenant_id, tenant_reseller_id) REFERENCES tenant_reseller (tenant_id, id), 
	CONSTRAINT reconcile_run_tenant_id_repairs_id_fkey FOREIGN KEY(tenant_id, repairs_id) REFERENCES reconcile_run (tenant_id, id)
);

CREATE INDEX reconcile_run_created_idx ON reconcile_run (tenant_id, created_at, id);

CREATE INDEX reconcile_run_tenant_id_repairs_id_idx ON reconcile_run (tenant_id, repairs_id);

CREATE INDEX reconcile_run_tenant_id_tenant_reseller_id_idx ON reconcile_run (tenant_id, tenant_reseller_id);

COMMENT ON COLUMN reconcile_run.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN reconcile_run.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN reconcile_run.tenant_reseller_id IS 'Whose tenant is compared with this one.';

COMMENT ON COLUMN reconcile_run.kind IS 'Whether it only looks, or repairs what another run found.';

COMMENT ON COLUMN reconcile_run.status IS 'Where it stands.';

COMMENT ON COLUMN reconcile_run.repairs_id IS 'The comparison whose differences it repairs.';

COMMENT ON COLUMN reconcile_run.last_message IS 'The last message that was applied when it began.';

COMMENT ON COLUMN reconcile_run.total IS 'Accounts there were to look at when it began.';

COMMENT ON COLUMN reconcile_run.done IS 'Accounts looked at so far.';

COMMENT ON COLUMN reconcile_run.position IS 'Last account of the last committed chunk.';

COMMENT ON COLUMN reconcile_run.compared IS 'Accounts that belong into both tenants, and were compared.';

COMMENT ON COLUMN reconcile_run.differences IS 'Fields and rows that differ; after a repair those that are left.';

COMMENT ON COLUMN reconcile_run.accounts IS 'Accounts with differences.';

COMMENT ON COLUMN reconcile_run.on_its_way IS 'Accounts left out because messages about them were still to be applied.';

COMMENT ON COLUMN reconcile_run.set_aside IS 'Accounts with differences of which messages are set aside.';

COMMENT ON COLUMN reconcile_run.reason IS 'Why it was repaired, in the words of the one who asked.';

COMMENT ON COLUMN reconcile_run.asked_by IS 'Who asked; none for the nightly run.';

COMMENT ON COLUMN reconcile_run.asked_by_name IS 'His name then.';

COMMENT ON COLUMN reconcile_run.problem IS 'Why it failed.';

COMMENT ON COLUMN reconcile_run.created_at IS 'When it was asked for.';

COMMENT ON COLUMN reconcile_run.started_at IS 'When it began.';

COMMENT ON COLUMN reconcile_run.completed_at IS 'When it ended: the date of its certificate.';

COMMENT ON COLUMN reconcile_run.version IS '1 when made, one more with every change.';

CREATE TABLE shop_login (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	contact_id UUID NOT NULL, 
	password_hash TEXT DEFAULT '' NOT NULL CONSTRAINT shop_login_password_hash_length_check CHECK (char_length("password_hash") <= 320), 
	invitation_hash TEXT DEFAULT '' NOT NULL CONSTRAINT shop_login_invitation_hash_length_check CHECK (char_length("invitation_hash") <= 320), 
	invited_until TIMESTAMP WITH TIME ZONE, 
	last_signed_in_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT shop_login_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT shop_login_tenant_id_contact_id_fkey FOREIGN KEY(tenant_id, contact_id) REFERENCES contact (tenant_id, id), 
	CONSTRAINT shop_login_tenant_id_contact_id_key UNIQUE (tenant_id, contact_id)
);

COMMENT ON COLUMN shop_login.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN shop_login.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN shop_login.contact_id IS 'Whose.';

COMMENT ON COLUMN shop_login.password_hash IS 'Hash of his password; empty until he has chosen one.';

COMMENT ON COLUMN shop_login.invitation_hash IS 'Hash of the secret in his invitation; empty when it was used.';

COMMENT ON COLUMN shop_login.invited_until IS 'Until when the invitation can be used.';

COMMENT ON COLUMN shop_login.last_signed_in_at IS 'When he signed in last.';

COMMENT ON COLUMN shop_login.version IS '1 when made, one more with every change.';

CREATE TABLE asset (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	bill_to_id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	order_id UUID, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT asset_name_length_check CHECK (char_length("name") <= 320), 
	status TEXT DEFAULT 'active' NOT NULL CONSTRAINT asset_status_known_check CHECK ("status" IN ('active', 'returned', 'cancelled')), 
	quantity INTEGER NOT NULL CONSTRAINT asset_quantity_positive_check CHECK (quantity > 0), 
	unit_price NUMERIC(20, 6) NOT NULL, 
	currency TEXT NOT NULL CONSTRAINT asset_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	bought_on DATE NOT NULL, 
	serial_number TEXT DEFAULT '' NOT NULL CONSTRAINT asset_serial_number_length_check CHECK (char_length("serial_number") <= 320), 
	standing TEXT DEFAULT 'own' NOT NULL CONSTRAINT asset_standing_known_check CHECK ("standing" IN ('own', 'mirrored', 'moved_out', 'transferred_out', 'archived')), 
	managed_by UUID, 
	responsible_user_id UUID NOT NULL, 
	permission_rule_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	to_be_charged BOOLEAN DEFAULT false NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(name || ' ' || serial_number)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT asset_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT asset_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT asset_tenant_id_bill_to_id_fkey FOREIGN KEY(tenant_id, bill_to_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT asset_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT asset_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES "order" (tenant_id, id), 
	CONSTRAINT asset_tenant_id_responsible_user_id_fkey FOREIGN KEY(tenant_id, responsible_user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT asset_tenant_id_permission_rule_id_fkey FOREIGN KEY(tenant_id, permission_rule_id) REFERENCES permission_rule (tenant_id, id)
);

CREATE INDEX asset_search_idx ON asset USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX asset_tenant_id_account_id_idx ON asset (tenant_id, account_id);

CREATE INDEX asset_tenant_id_order_id_idx ON asset (tenant_id, order_id);

CREATE INDEX asset_tenant_id_product_id_idx ON asset (tenant_id, product_id);

CREATE INDEX asset_uncharged_idx ON asset (tenant_id, id) WHERE to_be_charged;

COMMENT ON COLUMN asset.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN asset.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN asset.account_id IS 'Who has it.';

COMMENT ON COLUMN asset.bill_to_id IS 'Who pays.';

COMMENT ON COLUMN asset.product_id IS 'What it is.';

COMMENT ON COLUMN asset.order_id IS 'The order it came from.';

COMMENT ON COLUMN asset.name IS 'Name.';

COMMENT ON COLUMN asset.status IS 'Where it stands.';

COMMENT ON COLUMN asset.quantity IS 'How many units.';

COMMENT ON COLUMN asset.unit_price IS 'What one unit cost.';

COMMENT ON COLUMN asset.currency IS 'Currency of its price.';

COMMENT ON COLUMN asset.bought_on IS 'The day it was bought.';

COMMENT ON COLUMN asset.serial_number IS 'Serial number or licence key''s name; never the key itself.';

COMMENT ON COLUMN asset.standing IS 'Who manages it.';

COMMENT ON COLUMN asset.managed_by IS 'The tenant below that manages it; while it is own, the one that has a copy of it.';

COMMENT ON COLUMN asset.responsible_user_id IS 'Who looks after it.';

COMMENT ON COLUMN asset.permission_rule_id IS 'Who may see and edit it.';

COMMENT ON COLUMN asset.created_at IS 'When it was made here.';

COMMENT ON COLUMN asset.to_be_charged IS 'It is mirrored, and what it costs the reseller was not charged, or given back, yet.';

COMMENT ON COLUMN asset.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN asset.search IS 'What search as you type looks in.';

COMMENT ON COLUMN asset.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE basket (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	contact_id UUID, 
	status TEXT DEFAULT 'open' NOT NULL CONSTRAINT basket_status_known_check CHECK ("status" IN ('open', 'ordered')), 
	order_id UUID, 
	price_list_id UUID, 
	currency TEXT NOT NULL CONSTRAINT basket_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	promotion_code TEXT DEFAULT '' NOT NULL CONSTRAINT basket_promotion_code_length_check CHECK (char_length("promotion_code") <= 320), 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT basket_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT basket_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT basket_tenant_id_contact_id_fkey FOREIGN KEY(tenant_id, contact_id) REFERENCES contact (tenant_id, id), 
	CONSTRAINT basket_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES "order" (tenant_id, id), 
	CONSTRAINT basket_tenant_id_price_list_id_fkey FOREIGN KEY(tenant_id, price_list_id) REFERENCES price_list (tenant_id, id)
);

CREATE UNIQUE INDEX basket_open_idx ON basket (tenant_id, account_id, contact_id) NULLS NOT DISTINCT WHERE status = 'open';

CREATE INDEX basket_tenant_id_account_id_idx ON basket (tenant_id, account_id);

COMMENT ON COLUMN basket.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN basket.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN basket.account_id IS 'For whom is bought.';

COMMENT ON COLUMN basket.contact_id IS 'The storefront user who buys; none: a person of the tenant.';

COMMENT ON COLUMN basket.status IS 'Whether it is still being filled.';

COMMENT ON COLUMN basket.order_id IS 'The order that the checkout made.';

COMMENT ON COLUMN basket.price_list_id IS 'Whose prices.';

COMMENT ON COLUMN basket.currency IS 'Currency of its prices.';

COMMENT ON COLUMN basket.promotion_code IS 'The code that was typed.';

COMMENT ON COLUMN basket.created_at IS 'When it was made.';

COMMENT ON COLUMN basket.version IS '1 when made, one more with every change.';

CREATE TABLE handover_before (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	handover_id UUID NOT NULL, 
	row_tenant_id UUID NOT NULL, 
	table_name TEXT NOT NULL, 
	account_id UUID NOT NULL, 
	old_row JSONB NOT NULL, 
	version_written INTEGER NOT NULL, 
	CONSTRAINT handover_before_pkey PRIMARY KEY (tenant_id, handover_id, row_tenant_id, table_name, id), 
	CONSTRAINT handover_before_tenant_id_handover_id_fkey FOREIGN KEY(tenant_id, handover_id) REFERENCES handover (tenant_id, id)
);

COMMENT ON COLUMN handover_before.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN handover_before.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN handover_before.handover_id IS 'Which handover.';

COMMENT ON COLUMN handover_before.row_tenant_id IS 'Whose row was changed.';

COMMENT ON COLUMN handover_before.table_name IS 'In which table.';

COMMENT ON COLUMN handover_before.account_id IS 'The account that the row belongs to.';

COMMENT ON COLUMN handover_before.old_row IS 'The row as it was.';

COMMENT ON COLUMN handover_before.version_written IS 'Version the handover wrote; undo restores only a row still at it.';

CREATE TABLE handover_record (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	handover_id UUID NOT NULL, 
	verdict TEXT DEFAULT 'new' NOT NULL CONSTRAINT handover_record_verdict_known_check CHECK ("verdict" IN ('new', 'wake', 'live', 'here', 'clash', 'held')), 
	finding TEXT, 
	hash BIGINT NOT NULL, 
	keeps BOOLEAN DEFAULT false NOT NULL, 
	outcome TEXT CONSTRAINT handover_record_outcome_known_check CHECK (outcome IN ('copied', 'changed', 'undone', 'kept')), 
	why TEXT, 
	CONSTRAINT handover_record_pkey PRIMARY KEY (tenant_id, handover_id, id), 
	CONSTRAINT handover_record_tenant_id_handover_id_fkey FOREIGN KEY(tenant_id, handover_id) REFERENCES handover (tenant_id, id)
) WITH (fillfactor = 85);

COMMENT ON COLUMN handover_record.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN handover_record.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN handover_record.handover_id IS 'Which handover; `id` is the account''s, or of what it has.';

COMMENT ON COLUMN handover_record.verdict IS 'What the plan says of it.';

COMMENT ON COLUMN handover_record.finding IS 'Code of the blocker that holds it.';

COMMENT ON COLUMN handover_record.hash IS '64 bits over exactly what the preview shows of it.';

COMMENT ON COLUMN handover_record.keeps IS 'Whether the run writes over something of it whose old row an undo needs.';

COMMENT ON COLUMN handover_record.outcome IS 'What became of it; none while nothing has.';

COMMENT ON COLUMN handover_record.why IS 'Why it was kept or left.';

CREATE TABLE offer (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	number BIGINT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT offer_name_length_check CHECK (char_length("name") <= 320), 
	account_id UUID NOT NULL, 
	opportunity_id UUID, 
	price_list_id UUID, 
	contact_id UUID, 
	order_id UUID, 
	status TEXT DEFAULT 'in_progress' NOT NULL CONSTRAINT offer_status_known_check CHECK ("status" IN ('in_progress', 'accepted', 'lost')), 
	currency TEXT NOT NULL CONSTRAINT offer_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	offered_on DATE NOT NULL, 
	valid_until DATE, 
	note TEXT DEFAULT '' NOT NULL CONSTRAINT offer_note_length_check CHECK (char_length("note") <= 20000), 
	responsible_user_id UUID NOT NULL, 
	permission_rule_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(name || ' ' || number)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT offer_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT offer_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT offer_tenant_id_opportunity_id_fkey FOREIGN KEY(tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id), 
	CONSTRAINT offer_tenant_id_price_list_id_fkey FOREIGN KEY(tenant_id, price_list_id) REFERENCES price_list (tenant_id, id), 
	CONSTRAINT offer_tenant_id_contact_id_fkey FOREIGN KEY(tenant_id, contact_id) REFERENCES contact (tenant_id, id), 
	CONSTRAINT offer_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES "order" (tenant_id, id), 
	CONSTRAINT offer_tenant_id_responsible_user_id_fkey FOREIGN KEY(tenant_id, responsible_user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT offer_tenant_id_permission_rule_id_fkey FOREIGN KEY(tenant_id, permission_rule_id) REFERENCES permission_rule (tenant_id, id), 
	CONSTRAINT offer_tenant_id_number_key UNIQUE (tenant_id, number)
);

CREATE INDEX offer_search_idx ON offer USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX offer_tenant_id_account_id_idx ON offer (tenant_id, account_id);

CREATE INDEX offer_tenant_id_opportunity_id_idx ON offer (tenant_id, opportunity_id);

CREATE INDEX offer_tenant_id_order_id_idx ON offer (tenant_id, order_id);

COMMENT ON COLUMN offer.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN offer.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN offer.number IS 'The tenant''s own number for it.';

COMMENT ON COLUMN offer.name IS 'Name.';

COMMENT ON COLUMN offer.account_id IS 'Whom it is made to.';

COMMENT ON COLUMN offer.opportunity_id IS 'The opportunity that led to it.';

COMMENT ON COLUMN offer.price_list_id IS 'Whose prices.';

COMMENT ON COLUMN offer.contact_id IS 'Whom it was agreed with.';

COMMENT ON COLUMN offer.order_id IS 'The order that it became.';

COMMENT ON COLUMN offer.status IS 'Where it stands.';

COMMENT ON COLUMN offer.currency IS 'Currency of its prices.';

COMMENT ON COLUMN offer.offered_on IS 'Its date.';

COMMENT ON COLUMN offer.valid_until IS 'Last day it may be accepted.';

COMMENT ON COLUMN offer.note IS 'What is said with it.';

COMMENT ON COLUMN offer.responsible_user_id IS 'Who looks after it.';

COMMENT ON COLUMN offer.permission_rule_id IS 'Who may see and edit it.';

COMMENT ON COLUMN offer.created_at IS 'When it was made.';

COMMENT ON COLUMN offer.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN offer.search IS 'What search as you type looks in.';

COMMENT ON COLUMN offer.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE reconcile_difference (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	run_id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	account_name TEXT DEFAULT '' NOT NULL CONSTRAINT reconcile_difference_account_name_length_check CHECK (char_length("account_name") <= 320), 
	record TEXT NOT NULL CONSTRAINT reconcile_difference_record_known_check CHECK ("record" IN ('account', 'address', 'sync_option', 'subscription', 'subscription_add_on', 'asset', 'order', 'order_item')), 
	record_id UUID NOT NULL, 
	verdict TEXT NOT NULL CONSTRAINT reconcile_difference_verdict_known_check CHECK ("verdict" IN ('differs', 'missing', 'surplus')), 
	field TEXT DEFAULT '' NOT NULL CONSTRAINT reconcile_difference_field_length_check CHECK (char_length("field") <= 320), 
	below TEXT DEFAULT '' NOT NULL CONSTRAINT reconcile_difference_below_length_check CHECK (char_length("below") <= 20000), 
	above TEXT DEFAULT '' NOT NULL CONSTRAINT reconcile_difference_above_length_check CHECK (char_length("above") <= 20000), 
	cause TEXT DEFAULT '' NOT NULL CONSTRAINT reconcile_difference_cause_length_check CHECK (char_length("cause") <= 320), 
	CONSTRAINT reconcile_difference_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT reconcile_difference_tenant_id_run_id_fkey FOREIGN KEY(tenant_id, run_id) REFERENCES reconcile_run (tenant_id, id)
);

CREATE INDEX reconcile_difference_run_idx ON reconcile_difference (tenant_id, run_id, account_id, id);

COMMENT ON COLUMN reconcile_difference.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN reconcile_difference.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN reconcile_difference.run_id IS 'Which run found it.';

COMMENT ON COLUMN reconcile_difference.account_id IS 'The customer.';

COMMENT ON COLUMN reconcile_difference.account_name IS 'His name, at the distributor or else at the reseller.';

COMMENT ON COLUMN reconcile_difference.record IS 'What kind of record.';

COMMENT ON COLUMN reconcile_difference.record_id IS 'The record, the same in both tenants.';

COMMENT ON COLUMN reconcile_difference.verdict IS 'Another value above; no row above; a row above that is not below.';

COMMENT ON COLUMN reconcile_difference.field IS 'The mirrored column; empty for a whole row.';

COMMENT ON COLUMN reconcile_difference.below IS 'What the reseller has.';

COMMENT ON COLUMN reconcile_difference.above IS 'What is here.';

COMMENT ON COLUMN reconcile_difference.cause IS 'Code of why.';

CREATE TABLE subscription (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	bill_to_id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	order_id UUID, 
	name TEXT DEFAULT '' NOT NULL CONSTRAINT subscription_name_length_check CHECK (char_length("name") <= 320), 
	status TEXT DEFAULT 'active' NOT NULL CONSTRAINT subscription_status_known_check CHECK ("status" IN ('starting_later', 'trial', 'active', 'suspended', 'pending_cancellation', 'cancelled', 'expired')), 
	cycle TEXT NOT NULL CONSTRAINT subscription_cycle_known_check CHECK ("cycle" IN ('one_off', 'monthly', 'quarterly', 'half_yearly', 'yearly')), 
	currency TEXT NOT NULL CONSTRAINT subscription_currency_iso_check CHECK ("currency" ~ '^[A-Z]{3}$'), 
	quantity INTEGER NOT NULL CONSTRAINT subscription_quantity_positive_check CHECK (quantity > 0), 
	unit_price NUMERIC(20, 6) NOT NULL, 
	discount_percent NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	promotion_id UUID, 
	promotion_cycles_left SMALLINT, 
	price_frozen BOOLEAN DEFAULT false NOT NULL, 
	start_on DATE NOT NULL, 
	trial_until DATE, 
	paid_from DATE, 
	anchor_on DATE, 
	charged_until DATE, 
	term_until DATE, 
	end_on DATE, 
	suspended_on DATE, 
	renew BOOLEAN DEFAULT true NOT NULL, 
	split_from_id UUID, 
	external_id TEXT DEFAULT '' NOT NULL CONSTRAINT subscription_external_id_length_check CHECK (char_length("external_id") <= 320), 
	provisioning_status TEXT DEFAULT 'not_provisioned' NOT NULL CONSTRAINT subscription_provisioning_status_known_check CHECK ("provisioning_status" IN ('not_provisioned', 'pending', 'requested', 'in_progress', 'provisioned', 'failed')), 
	standing TEXT DEFAULT 'own' NOT NULL CONSTRAINT subscription_standing_known_check CHECK ("standing" IN ('own', 'mirrored', 'moved_out', 'transferred_out', 'archived')), 
	managed_by UUID, 
	custom_fields JSONB DEFAULT '{}'::jsonb NOT NULL, 
	responsible_user_id UUID NOT NULL, 
	permission_rule_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	search TEXT GENERATED ALWAYS AS (lower(name || ' ' || external_id)) STORED NOT NULL, 
	sort_name TEXT GENERATED ALWAYS AS (left(normalize(lower(name), NFKD), 200)) STORED NOT NULL, 
	CONSTRAINT subscription_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT subscription_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT subscription_tenant_id_bill_to_id_fkey FOREIGN KEY(tenant_id, bill_to_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT subscription_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT subscription_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES "order" (tenant_id, id), 
	CONSTRAINT subscription_tenant_id_promotion_id_fkey FOREIGN KEY(tenant_id, promotion_id) REFERENCES promotion (tenant_id, id), 
	CONSTRAINT subscription_tenant_id_split_from_id_fkey FOREIGN KEY(tenant_id, split_from_id) REFERENCES subscription (tenant_id, id), 
	CONSTRAINT subscription_tenant_id_responsible_user_id_fkey FOREIGN KEY(tenant_id, responsible_user_id) REFERENCES tenant_user (tenant_id, id), 
	CONSTRAINT subscription_tenant_id_permission_rule_id_fkey FOREIGN KEY(tenant_id, permission_rule_id) REFERENCES permission_rule (tenant_id, id)
);

CREATE INDEX subscription_search_idx ON subscription USING gin (tenant_id, search gin_trgm_ops);

CREATE INDEX subscription_tenant_id_account_id_idx ON subscription (tenant_id, account_id);

CREATE INDEX subscription_tenant_id_product_id_idx ON subscription (tenant_id, product_id);

COMMENT ON COLUMN subscription.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN subscription.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN subscription.account_id IS 'Who is delivered to.';

COMMENT ON COLUMN subscription.bill_to_id IS 'Who pays.';

COMMENT ON COLUMN subscription.product_id IS 'What is delivered.';

COMMENT ON COLUMN subscription.order_id IS 'The order it came from.';

COMMENT ON COLUMN subscription.name IS 'Name.';

COMMENT ON COLUMN subscription.status IS 'Where it stands.';

COMMENT ON COLUMN subscription.cycle IS 'Paid how often.';

COMMENT ON COLUMN subscription.currency IS 'Currency of its price.';

COMMENT ON COLUMN subscription.quantity IS 'How many units.';

COMMENT ON COLUMN subscription.unit_price IS 'Price of one unit a cycle; kept until updated (SUB-04).';

COMMENT ON COLUMN subscription.discount_percent IS 'Taken off, in percent.';

COMMENT ON COLUMN subscription.promotion_id IS 'The promotion it was sold with.';

COMMENT ON COLUMN subscription.promotion_cycles_left IS 'Cycles that the promotion is still given for; none: for good, or there is none.';

COMMENT ON COLUMN subscription.price_frozen IS 'Exempt from updates of prices.';

COMMENT ON COLUMN subscription.start_on IS 'First day.';

COMMENT ON COLUMN subscription.trial_until IS 'Last day of the trial.';

COMMENT ON COLUMN subscription.paid_from IS 'First day that is charged; none while it is tried.';

COMMENT ON COLUMN subscription.anchor_on IS 'A first day of its billing periods, from which the others are counted; none: the first paid day.';

COMMENT ON COLUMN subscription.charged_until IS 'Last day for which charges were made.';

COMMENT ON COLUMN subscription.term_until IS 'Last day that the buyer is committed to.';

COMMENT ON COLUMN subscription.end_on IS 'Last day, when it is known.';

COMMENT ON COLUMN subscription.suspended_on IS 'First day of the suspension it is in.';

COMMENT ON COLUMN subscription.renew IS 'Renews by itself.';

COMMENT ON COLUMN subscription.split_from_id IS 'The subscription that it was parted from (SUB-02).';

COMMENT ON COLUMN subscription.external_id IS 'Its id in the outside system.';

COMMENT ON COLUMN subscription.provisioning_status IS 'PRV-20.';

COMMENT ON COLUMN subscription.standing IS 'Who manages it.';

COMMENT ON COLUMN subscription.managed_by IS 'The tenant below that manages it; while it is own, the one that has a copy of it.';

COMMENT ON COLUMN subscription.custom_fields IS 'Values of the tenant''s own fields, by name.';

COMMENT ON COLUMN subscription.responsible_user_id IS 'Who looks after it.';

COMMENT ON COLUMN subscription.permission_rule_id IS 'Who may see and edit it.';

COMMENT ON COLUMN subscription.created_at IS 'When it was made here.';

COMMENT ON COLUMN subscription.version IS '1 when made, one more with every change.';

COMMENT ON COLUMN subscription.search IS 'What search as you type looks in.';

COMMENT ON COLUMN subscription.sort_name IS 'What lists sort by: the name, folded.';

CREATE TABLE basket_item (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	basket_id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	cycle TEXT NOT NULL CONSTRAINT basket_item_cycle_known_check CHECK ("cycle" IN ('one_off', 'monthly', 'quarterly', 'half_yearly', 'yearly')), 
	quantity INTEGER NOT NULL CONSTRAINT basket_item_quantity_positive_check CHECK (quantity > 0), 
	trial BOOLEAN DEFAULT false NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT basket_item_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT basket_item_tenant_id_basket_id_fkey FOREIGN KEY(tenant_id, basket_id) REFERENCES basket (tenant_id, id), 
	CONSTRAINT basket_item_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id)
);

CREATE INDEX basket_item_tenant_id_basket_id_idx ON basket_item (tenant_id, basket_id);

COMMENT ON COLUMN basket_item.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN basket_item.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN basket_item.basket_id IS 'Which basket.';

COMMENT ON COLUMN basket_item.product_id IS 'What is bought.';

COMMENT ON COLUMN basket_item.cycle IS 'Paid how often.';

COMMENT ON COLUMN basket_item.quantity IS 'How many units.';

COMMENT ON COLUMN basket_item.trial IS 'Tried first (SUB-01).';

COMMENT ON COLUMN basket_item.version IS '1 when made, one more with every change.';

CREATE TABLE offer_item (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	offer_id UUID NOT NULL, 
	position INTEGER DEFAULT 0 NOT NULL, 
	product_id UUID NOT NULL, 
	cycle TEXT NOT NULL CONSTRAINT offer_item_cycle_known_check CHECK ("cycle" IN ('one_off', 'monthly', 'quarterly', 'half_yearly', 'yearly')), 
	quantity INTEGER NOT NULL CONSTRAINT offer_item_quantity_positive_check CHECK (quantity > 0), 
	unit_price NUMERIC(20, 6) NOT NULL, 
	discount_percent NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	promotion_id UUID, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT offer_item_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT offer_item_tenant_id_offer_id_fkey FOREIGN KEY(tenant_id, offer_id) REFERENCES offer (tenant_id, id), 
	CONSTRAINT offer_item_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT offer_item_tenant_id_promotion_id_fkey FOREIGN KEY(tenant_id, promotion_id) REFERENCES promotion (tenant_id, id)
);

CREATE INDEX offer_item_tenant_id_offer_id_idx ON offer_item (tenant_id, offer_id);

COMMENT ON COLUMN offer_item.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN offer_item.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN offer_item.offer_id IS 'Which offer.';

COMMENT ON COLUMN offer_item.position IS 'Its place in the offer.';

COMMENT ON COLUMN offer_item.product_id IS 'What is offered.';

COMMENT ON COLUMN offer_item.cycle IS 'Paid how often.';

COMMENT ON COLUMN offer_item.quantity IS 'How many units.';

COMMENT ON COLUMN offer_item.unit_price IS 'Price of one unit a cycle.';

COMMENT ON COLUMN offer_item.discount_percent IS 'Taken off, in percent.';

COMMENT ON COLUMN offer_item.promotion_id IS 'Given with it.';

COMMENT ON COLUMN offer_item.version IS '1 when made, one more with every change.';

CREATE TABLE order_item (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	order_id UUID NOT NULL, 
	position INTEGER DEFAULT 0 NOT NULL, 
	product_id UUID NOT NULL, 
	cycle TEXT NOT NULL CONSTRAINT order_item_cycle_known_check CHECK ("cycle" IN ('one_off', 'monthly', 'quarterly', 'half_yearly', 'yearly')), 
	quantity INTEGER NOT NULL CONSTRAINT order_item_quantity_not_zero_check CHECK (quantity <> 0), 
	unit_price NUMERIC(20, 6) NOT NULL, 
	discount_percent NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	promotion_id UUID, 
	tax_percent NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	trial BOOLEAN DEFAULT false NOT NULL, 
	start_on DATE, 
	subscription_id UUID, 
	asset_id UUID, 
	delivered_by_id UUID, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT order_item_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT order_item_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES "order" (tenant_id, id), 
	CONSTRAINT order_item_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT order_item_tenant_id_promotion_id_fkey FOREIGN KEY(tenant_id, promotion_id) REFERENCES promotion (tenant_id, id), 
	CONSTRAINT order_item_tenant_id_subscription_id_fkey FOREIGN KEY(tenant_id, subscription_id) REFERENCES subscription (tenant_id, id), 
	CONSTRAINT order_item_tenant_id_asset_id_fkey FOREIGN KEY(tenant_id, asset_id) REFERENCES asset (tenant_id, id), 
	CONSTRAINT order_item_tenant_id_delivered_by_id_fkey FOREIGN KEY(tenant_id, delivered_by_id) REFERENCES "order" (tenant_id, id)
);

CREATE INDEX order_item_tenant_id_order_id_idx ON order_item (tenant_id, order_id);

COMMENT ON COLUMN order_item.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN order_item.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN order_item.order_id IS 'Which order.';

COMMENT ON COLUMN order_item.position IS 'Its place in the order.';

COMMENT ON COLUMN order_item.product_id IS 'What is bought.';

COMMENT ON COLUMN order_item.cycle IS 'Paid how often.';

COMMENT ON COLUMN order_item.quantity IS 'How many units.';

COMMENT ON COLUMN order_item.unit_price IS 'Price of one unit a cycle.';

COMMENT ON COLUMN order_item.discount_percent IS 'Taken off, in percent.';

COMMENT ON COLUMN order_item.promotion_id IS 'Given with it.';

COMMENT ON COLUMN order_item.tax_percent IS 'Tax on it, in percent (BIL-05).';

COMMENT ON COLUMN order_item.trial IS 'Tried first, at no charge (SUB-01).';

COMMENT ON COLUMN order_item.start_on IS 'First day of what it makes; none: the day of execution.';

COMMENT ON COLUMN order_item.subscription_id IS 'The subscription that it is bought for, or that it became.';

COMMENT ON COLUMN order_item.asset_id IS 'The asset that it became.';

COMMENT ON COLUMN order_item.delivered_by_id IS 'The sub-order that delivers it.';

COMMENT ON COLUMN order_item.version IS '1 when made, one more with every change.';

CREATE TABLE service_request (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	subscription_id UUID NOT NULL, 
	system_id UUID NOT NULL, 
	verb TEXT NOT NULL CONSTRAINT service_request_verb_known_check CHECK ("verb" IN ('create', 'change', 'suspend', 'resume', 'cancel')), 
	status TEXT DEFAULT 'pending' NOT NULL CONSTRAINT service_request_status_known_check CHECK ("status" IN ('held', 'pending', 'in_progress', 'done', 'failed', 'withdrawn')), 
	waits_for UUID, 
	desired JSONB NOT NULL, 
	answer TEXT DEFAULT '' NOT NULL CONSTRAINT service_request_answer_length_check CHECK (char_length("answer") <= 320), 
	change_id UUID, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	done_at TIMESTAMP WITH TIME ZONE, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT service_request_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT service_request_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT service_request_tenant_id_subscription_id_fkey FOREIGN KEY(tenant_id, subscription_id) REFERENCES subscription (tenant_id, id), 
	CONSTRAINT service_request_tenant_id_system_id_fkey FOREIGN KEY(tenant_id, system_id) REFERENCES provisioning_system (tenant_id, id)
);

CREATE INDEX service_request_held_idx ON service_request (tenant_id, subscription_id) WHERE status = 'held';

CREATE INDEX service_request_open_idx ON service_request (tenant_id, created_at) WHERE status IN ('pending', 'in_progress');

CREATE INDEX service_request_tenant_id_account_id_idx ON service_request (tenant_id, account_id);

CREATE INDEX service_request_tenant_id_subscription_id_idx ON service_request (tenant_id, subscription_id);

COMMENT ON COLUMN service_request.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN service_request.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN service_request.account_id IS 'For whom.';

COMMENT ON COLUMN service_request.subscription_id IS 'For which subscription.';

COMMENT ON COLUMN service_request.system_id IS 'Of which system.';

COMMENT ON COLUMN service_request.verb IS 'What is asked for.';

COMMENT ON COLUMN service_request.status IS 'Where it stands.';

COMMENT ON COLUMN service_request.waits_for IS 'The order above whose credit it waits for, or has (UP-47).';

COMMENT ON COLUMN service_request.desired IS 'What there should be: product, quantity, add-ons.';

COMMENT ON COLUMN service_request.answer IS 'What came of it.';

COMMENT ON COLUMN service_request.change_id IS 'The change that asks for it.';

COMMENT ON COLUMN service_request.created_at IS 'When it was asked for.';

COMMENT ON COLUMN service_request.done_at IS 'When it was done, or failed.';

COMMENT ON COLUMN service_request.version IS '1 when made, one more with every change.';

CREATE TABLE subscription_add_on (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	subscription_id UUID NOT NULL, 
	product_id UUID NOT NULL, 
	quantity INTEGER NOT NULL CONSTRAINT subscription_add_on_quantity_positive_check CHECK (quantity > 0), 
	unit_price NUMERIC(20, 6) NOT NULL, 
	discount_percent NUMERIC(20, 6) DEFAULT 0 NOT NULL, 
	promotion_id UUID, 
	promotion_cycles_left SMALLINT, 
	order_id UUID, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT subscription_add_on_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT subscription_add_on_tenant_id_subscription_id_fkey FOREIGN KEY(tenant_id, subscription_id) REFERENCES subscription (tenant_id, id), 
	CONSTRAINT subscription_add_on_tenant_id_product_id_fkey FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id), 
	CONSTRAINT subscription_add_on_tenant_id_promotion_id_fkey FOREIGN KEY(tenant_id, promotion_id) REFERENCES promotion (tenant_id, id), 
	CONSTRAINT subscription_add_on_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES "order" (tenant_id, id), 
	CONSTRAINT subscription_add_on_key UNIQUE (tenant_id, subscription_id, product_id)
);

CREATE INDEX subscription_add_on_tenant_id_subscription_id_idx ON subscription_add_on (tenant_id, subscription_id);

COMMENT ON COLUMN subscription_add_on.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN subscription_add_on.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN subscription_add_on.subscription_id IS 'Which subscription ...';

COMMENT ON COLUMN subscription_add_on.product_id IS '... has which add-on.';

COMMENT ON COLUMN subscription_add_on.quantity IS 'How many units.';

COMMENT ON COLUMN subscription_add_on.unit_price IS 'Price of one unit a cycle.';

COMMENT ON COLUMN subscription_add_on.discount_percent IS 'Taken off, in percent.';

COMMENT ON COLUMN subscription_add_on.promotion_id IS 'The promotion it was sold with.';

COMMENT ON COLUMN subscription_add_on.promotion_cycles_left IS 'Cycles that the promotion is still given for; none: for good, or there is none.';

COMMENT ON COLUMN subscription_add_on.order_id IS 'The order that it came from: its source (BO-17).';

COMMENT ON COLUMN subscription_add_on.version IS '1 when made, one more with every change.';

CREATE TABLE subscription_change (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	subscription_id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	number BIGINT NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT subscription_change_kind_known_check CHECK ("kind" IN ('activation', 'trial', 'conversion', 'quantity', 'add_on', 'upgrade', 'downgrade', 'suspension', 'resumption', 'cancellation', 'renewal', 'price', 'renew_flag', 'expiry')), 
	status TEXT DEFAULT 'done' NOT NULL CONSTRAINT subscription_change_status_known_check CHECK ("status" IN ('scheduled', 'done', 'withdrawn', 'failed')), 
	effective_on DATE NOT NULL, 
	product_id UUID, 
	before JSONB, 
	after JSONB NOT NULL, 
	event_id UUID, 
	sold JSONB, 
	order_id UUID, 
	problem TEXT DEFAULT '' NOT NULL CONSTRAINT subscription_change_problem_length_check CHECK (char_length("problem") <= 320), 
	actor_id UUID, 
	actor TEXT DEFAULT '' NOT NULL CONSTRAINT subscription_change_actor_length_check CHECK (char_length("actor") <= 320), 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	done_at TIMESTAMP WITH TIME ZONE, 
	to_be_charged BOOLEAN DEFAULT false NOT NULL, 
	version INTEGER DEFAULT 1 NOT NULL, 
	CONSTRAINT subscription_change_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT subscription_change_tenant_id_subscription_id_fkey FOREIGN KEY(tenant_id, subscription_id) REFERENCES subscription (tenant_id, id), 
	CONSTRAINT subscription_change_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES "order" (tenant_id, id), 
	CONSTRAINT subscription_change_key UNIQUE (tenant_id, account_id, number)
);

CREATE INDEX subscription_change_due_idx ON subscription_change (tenant_id, effective_on) WHERE status = 'scheduled';

CREATE INDEX subscription_change_tenant_id_order_id_idx ON subscription_change (tenant_id, order_id);

CREATE INDEX subscription_change_tenant_id_subscription_id_idx ON subscription_change (tenant_id, subscription_id);

CREATE INDEX subscription_change_uncharged_idx ON subscription_change (tenant_id, subscription_id) WHERE to_be_charged;

COMMENT ON COLUMN subscription_change.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN subscription_change.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN subscription_change.subscription_id IS 'Which subscription.';

COMMENT ON COLUMN subscription_change.account_id IS 'Its customer.';

COMMENT ON COLUMN subscription_change.number IS 'Its place among the customer''s changes.';

COMMENT ON COLUMN subscription_change.kind IS 'What it is.';

COMMENT ON COLUMN subscription_change.status IS 'Whether it has happened.';

COMMENT ON COLUMN subscription_change.effective_on IS 'The day from which it counts.';

COMMENT ON COLUMN subscription_change.product_id IS 'The product, or the add-on, that it is about.';

COMMENT ON COLUMN subscription_change.before IS 'What it changed, as it was.';

COMMENT ON COLUMN subscription_change.after IS 'What it changed, as it is then.';

COMMENT ON COLUMN subscription_change.event_id IS 'What it happened with: the order that it was carried out by, else itself (BO-03).';

COMMENT ON COLUMN subscription_change.sold IS 'What it sold, item by item: subscription, product, cycle, units more or fewer; none: nothing (BO-02).';

COMMENT ON COLUMN subscription_change.order_id IS 'The order that asked for it.';

COMMENT ON COLUMN subscription_change.problem IS 'Why it could not be done.';

COMMENT ON COLUMN subscription_change.actor_id IS 'Who asked for it; none for the system.';

COMMENT ON COLUMN subscription_change.actor IS 'His name then.';

COMMENT ON COLUMN subscription_change.created_at IS 'When it was asked for.';

COMMENT ON COLUMN subscription_change.done_at IS 'When it was done.';

COMMENT ON COLUMN subscription_change.to_be_charged IS 'It was made by a reseller below, and what it costs him was not charged yet.';

COMMENT ON COLUMN subscription_change.version IS '1 when made, one more with every change.';

CREATE TABLE terms_acceptance (
	tenant_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	order_id UUID, 
	subscription_id UUID, 
	document_id UUID NOT NULL, 
	edition TEXT DEFAULT '' NOT NULL CONSTRAINT terms_acceptance_edition_length_check CHECK (char_length("edition") <= 320), 
	document_hash TEXT DEFAULT '' NOT NULL CONSTRAINT terms_acceptance_document_hash_length_check CHECK (char_length("document_hash") <= 320), 
	actor_id UUID, 
	actor TEXT DEFAULT '' NOT NULL CONSTRAINT terms_acceptance_actor_length_check CHECK (char_length("actor") <= 320), 
	at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT terms_acceptance_pkey PRIMARY KEY (tenant_id, id), 
	CONSTRAINT terms_acceptance_tenant_id_account_id_fkey FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id), 
	CONSTRAINT terms_acceptance_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES "order" (tenant_id, id), 
	CONSTRAINT terms_acceptance_tenant_id_subscription_id_fkey FOREIGN KEY(tenant_id, subscription_id) REFERENCES subscription (tenant_id, id), 
	CONSTRAINT terms_acceptance_tenant_id_document_id_fkey FOREIGN KEY(tenant_id, document_id) REFERENCES terms_document (tenant_id, id), 
	CONSTRAINT terms_acceptance_for_one_thing_check CHECK (num_nonnulls(order_id, subscription_id) <= 1)
);

CREATE INDEX terms_acceptance_tenant_id_account_id_idx ON terms_acceptance (tenant_id, account_id);

CREATE INDEX terms_acceptance_tenant_id_order_id_idx ON terms_acceptance (tenant_id, order_id);

CREATE INDEX terms_acceptance_tenant_id_subscription_id_idx ON terms_acceptance (tenant_id, subscription_id);

COMMENT ON COLUMN terms_acceptance.tenant_id IS 'Whose row this is: the organisation.';

COMMENT ON COLUMN terms_acceptance.id IS 'The record''s id, the same in every tenant that holds it.';

COMMENT ON COLUMN terms_acceptance.account_id IS 'For whom.';

COMMENT ON COLUMN terms_acceptance.order_id IS 'With which order ...';

COMMENT ON COLUMN terms_acceptance.subscription_id IS '... or for the change of which subscription.';

COMMENT ON COLUMN terms_acceptance.document_id IS 'Which document.';

COMMENT ON COLUMN terms_acceptance.edition IS 'Its version then.';

COMMENT ON COLUMN terms_acceptance.document_hash IS 'SHA-256 of the text that was accepted.';

COMMENT ON COLUMN terms_acceptance.actor_id IS 'Who accepted.';

COMMENT ON COLUMN terms_acceptance.actor IS 'His name then.';

COMMENT ON COLUMN terms_acceptance.at IS 'When.';
