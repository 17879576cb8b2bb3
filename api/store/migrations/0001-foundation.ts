/**
 * The static tables. Record tables are made by recordTable.ts when a definition is published.
 *
 * Ids are ULIDs made by the app (CHAR(26), ascii). Instants are DATETIME(3) in UTC, dates DATE. The organisation leads
 * every key. Charset and collation stand on every table: a bare server starts as latin1_swedish_ci.
 * `utf8mb4_bin` pads, so 'a' = 'a ': text is stored trimmed and NFC.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const hash = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const table = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

const statements = [
  // One installation is one database is one root: its clock, and the editions every write reads first.
  `CREATE TABLE installation (
    id TINYINT NOT NULL PRIMARY KEY CHECK (id = 1),
    key_id ${id} NOT NULL,
    demo TINYINT(1) NOT NULL DEFAULT 0,
    clock_offset_ms BIGINT NOT NULL DEFAULT 0,
    clock_target DATETIME(3) NULL,
    clock_lease_until DATETIME(3) NULL,
    definition_edition INT NOT NULL DEFAULT 0,
    access_edition INT NOT NULL DEFAULT 0
  ) ${table}`,
  `CREATE TABLE organisation (
    id ${id} NOT NULL PRIMARY KEY,
    parent ${id} NULL,
    name VARCHAR(191) NOT NULL,
    kind ${name} NOT NULL,
    zone ${name} NOT NULL DEFAULT 'Europe/London',
    bank_holidays ${name} NOT NULL DEFAULT 'england-and-wales',
    send_from CHAR(5) NOT NULL DEFAULT '07:30',
    send_to CHAR(5) NOT NULL DEFAULT '18:00',
    go_live_on DATE NULL,
    calendar_edition INT NOT NULL DEFAULT 1,
    settings_edition INT NOT NULL DEFAULT 1,
    KEY parent (parent)
  ) ${table}`,
  `CREATE TABLE term (
    organisation ${id} NOT NULL, id ${id} NOT NULL, name VARCHAR(191) NOT NULL, from_on DATE NOT NULL, to_on DATE NOT NULL,
    PRIMARY KEY (organisation, id)
  ) ${table}`,
  `CREATE TABLE closure (
    organisation ${id} NOT NULL, id ${id} NOT NULL, kind ${name} NOT NULL, name VARCHAR(191) NOT NULL,
    from_on DATE NOT NULL, to_on DATE NOT NULL,
    PRIMARY KEY (organisation, id)
  ) ${table}`,
  `CREATE TABLE person (
    id ${id} NOT NULL PRIMARY KEY,
    organisation ${id} NOT NULL,
    name VARCHAR(191) NOT NULL,
    name_folded VARCHAR(191) NOT NULL,
    email VARCHAR(191) NULL,
    active TINYINT(1) NOT NULL DEFAULT 1,
    UNIQUE KEY email (email),
    KEY name_folded (organisation, name_folded)
  ) ${table}`,
  `CREATE TABLE credential (person ${id} NOT NULL PRIMARY KEY, password_hash VARCHAR(255) NOT NULL) ${table}`,
  // Session and token secrets are kept as SHA-256 only.
  `CREATE TABLE session (
    secret_hash ${hash} NOT NULL PRIMARY KEY, person ${id} NOT NULL, created_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL, KEY person (person)
  ) ${table}`,
  `CREATE TABLE api_token (
    id ${id} NOT NULL PRIMARY KEY, secret_hash ${hash} NOT NULL, person ${id} NOT NULL, label VARCHAR(191) NOT NULL,
    created_at DATETIME(3) NOT NULL, expires_at DATETIME(3) NULL, UNIQUE KEY secret_hash (secret_hash), KEY person (person)
  ) ${table}`,
  `CREATE TABLE sign_in_attempt (
    bucket VARCHAR(191) NOT NULL, at DATETIME(3) NOT NULL, id ${id} NOT NULL, PRIMARY KEY (bucket, at, id)
  ) ${table}`,
  `CREATE TABLE appointment (
    id ${id} NOT NULL PRIMARY KEY, organisation ${id} NOT NULL, person ${id} NOT NULL, role ${name} NOT NULL,
    record ${id} NULL, from_on DATE NOT NULL, to_on DATE NULL,
    KEY role (organisation, role, from_on), KEY person (person)
  ) ${table}`,
  `CREATE TABLE relation (
    organisation ${id} NOT NULL, person ${id} NOT NULL, kind ${name} NOT NULL, other ${id} NOT NULL,
    from_on DATE NOT NULL, to_on DATE NULL, PRIMARY KEY (organisation, person, kind, other, from_on)
  ) ${table}`,
  `CREATE TABLE person_group (
    organisation ${id} NOT NULL, name ${name} NOT NULL, person ${id} NOT NULL, from_on DATE NOT NULL, to_on DATE NULL,
    PRIMARY KEY (organisation, name, person, from_on)
  ) ${table}`,
  // A published definition is immutable: caches of it never need invalidating.
  `CREATE TABLE definition (
    type ${name} NOT NULL, version INT NOT NULL, json MEDIUMTEXT NOT NULL, hash ${hash} NOT NULL,
    state ${name} NOT NULL, published_at DATETIME(3) NOT NULL, published_by ${id} NULL,
    PRIMARY KEY (type, version)
  ) ${table}`,
  `CREATE TABLE role (name ${name} NOT NULL PRIMARY KEY, json TEXT NOT NULL) ${table}`,
  // Leases instead of named locks, so that a cluster can hold them.
  `CREATE TABLE IF NOT EXISTS lease (name ${name} NOT NULL PRIMARY KEY, holder ${id} NOT NULL, until DATETIME(3) NOT NULL) ${table}`,
  `CREATE TABLE setting_value (
    organisation ${id} NOT NULL, type ${name} NOT NULL, name ${name} NOT NULL, from_on DATE NOT NULL, value TEXT NOT NULL,
    changed_by ${id} NULL, changed_at DATETIME(3) NOT NULL, PRIMARY KEY (organisation, type, name, from_on)
  ) ${table}`,
  // Sources (calendar, settings, rule) whose change still has to move timers; resumable by its cursor.
  `CREATE TABLE rederive (
    id ${id} NOT NULL PRIMARY KEY, organisation ${id} NULL, type ${name} NULL, reason VARCHAR(500) NOT NULL,
    actor ${id} NULL, cursor_id ${id} NULL, cursor_type ${name} NULL, moved INT NOT NULL DEFAULT 0,
    lease_until DATETIME(3) NULL, created_at DATETIME(3) NOT NULL, done_at DATETIME(3) NULL,
    KEY done_at (done_at, id)
  ) ${table}`,
  `CREATE TABLE reference_counter (
    organisation ${id} NOT NULL, type ${name} NOT NULL, year SMALLINT NOT NULL, last INT NOT NULL,
    PRIMARY KEY (organisation, type, year)
  ) ${table}`,
  `CREATE TABLE record_party (
    organisation ${id} NOT NULL, record ${id} NOT NULL, person ${id} NOT NULL, kind ${name} NOT NULL, type ${name} NOT NULL,
    PRIMARY KEY (record, person, kind), KEY person (organisation, person, type, kind, record)
  ) ${table}`,
  `CREATE TABLE record_link (
    organisation ${id} NOT NULL, record ${id} NOT NULL, field ${name} NOT NULL, position INT NOT NULL, type ${name} NOT NULL,
    target ${id} NOT NULL, target_type ${name} NOT NULL,
    PRIMARY KEY (record, field, target), KEY target (organisation, target, type, field, record)
  ) ${table}`,
  `CREATE TABLE document_version (
    id ${id} NOT NULL PRIMARY KEY, organisation ${id} NOT NULL, type ${name} NOT NULL, record ${id} NOT NULL,
    field ${name} NOT NULL, number INT NOT NULL, hash ${hash} NOT NULL, text MEDIUMTEXT NOT NULL,
    created_at DATETIME(3) NOT NULL, created_by ${id} NULL, in_force_at DATETIME(3) NULL,
    UNIQUE KEY number (record, field, number)
  ) ${table}`,
  `CREATE TABLE timer (
    id ${id} NOT NULL PRIMARY KEY,
    organisation ${id} NOT NULL,
    type ${name} NOT NULL,
    record ${id} NOT NULL,
    rule ${name} NOT NULL,
    step VARCHAR(64) NOT NULL,
    anchor_value VARCHAR(64) NOT NULL,
    n INT NOT NULL DEFAULT 0,
    due_at DATETIME(3) NOT NULL,
    retry_at DATETIME(3) NULL,
    attempts SMALLINT NOT NULL DEFAULT 0,
    state ENUM('waiting','fired','cancelled','skipped','dead') NOT NULL,
    stamp VARCHAR(191) NOT NULL,
    provisional TINYINT(1) NOT NULL DEFAULT 0,
    fired_at DATETIME(3) NULL,
    outcome VARCHAR(500) NULL,
    send TEXT NULL,
    UNIQUE KEY occurrence (record, rule, anchor_value, step, n),
    KEY due (state, due_at, id),
    KEY upcoming (organisation, state, due_at)
  ) ${table}`,
  `CREATE TABLE task (
    id ${id} NOT NULL PRIMARY KEY,
    organisation ${id} NOT NULL,
    type ${name} NOT NULL,
    record ${id} NOT NULL,
    rule ${name} NOT NULL,
    label VARCHAR(500) NOT NULL,
    state ENUM('open','done','cancelled') NOT NULL,
    opened_at DATETIME(3) NOT NULL,
    due_on DATE NULL,
    who TEXT NOT NULL,
    decides TINYINT(1) NOT NULL DEFAULT 0,
    unassigned TINYINT(1) NOT NULL DEFAULT 0,
    because VARCHAR(191) NOT NULL DEFAULT '',
    access_edition INT NOT NULL DEFAULT 0,
    closed_at DATETIME(3) NULL,
    closed_by ${id} NULL,
    closed_why VARCHAR(500) NULL,
    KEY record (record, state),
    KEY open_tasks (organisation, state, due_on)
  ) ${table}`,
  `CREATE TABLE task_holder (
    task ${id} NOT NULL, person ${id} NOT NULL, organisation ${id} NOT NULL, open TINYINT(1) NOT NULL DEFAULT 1,
    done_at DATETIME(3) NULL, PRIMARY KEY (task, person), KEY person (organisation, person, open, task)
  ) ${table}`,
  // One row per occurrence and recipient: planned, sent, when, the provider's answer, or why not.
  `CREATE TABLE notice (
    id ${id} NOT NULL PRIMARY KEY,
    organisation ${id} NOT NULL,
    type ${name} NOT NULL,
    record ${id} NOT NULL,
    cause VARCHAR(191) NOT NULL,
    person ${id} NOT NULL,
    template ${name} NOT NULL,
    subject VARCHAR(500) NOT NULL,
    body TEXT NOT NULL,
    event TEXT NULL,
    because VARCHAR(191) NOT NULL DEFAULT '',
    urgent TINYINT(1) NOT NULL DEFAULT 0,
    created_at DATETIME(3) NOT NULL,
    send_at DATETIME(3) NOT NULL,
    outcome ENUM('planned','in mail','sent','read','failed','not needed') NOT NULL,
    outcome_why VARCHAR(500) NULL,
    mail ${id} NULL,
    read_at DATETIME(3) NULL,
    UNIQUE KEY occurrence (cause, person),
    KEY to_send (outcome, send_at, person),
    KEY person (organisation, person, created_at),
    KEY record (record, created_at),
    KEY mail (mail)
  ) ${table}`,
  `CREATE TABLE mail (
    id ${id} NOT NULL PRIMARY KEY,
    organisation ${id} NOT NULL,
    person ${id} NOT NULL,
    address VARCHAR(191) NULL,
    message_id VARCHAR(191) NOT NULL,
    subject VARCHAR(500) NOT NULL,
    text_body MEDIUMTEXT NOT NULL,
    html_body MEDIUMTEXT NOT NULL,
    calendar TEXT NULL,
    state ENUM('queued','sending','sent','kept','failed') NOT NULL,
    attempts SMALLINT NOT NULL DEFAULT 0,
    next_at DATETIME(3) NOT NULL,
    lease_until DATETIME(3) NULL,
    answer VARCHAR(1000) NULL,
    created_at DATETIME(3) NOT NULL,
    sent_at DATETIME(3) NULL,
    KEY to_send (state, next_at)
  ) ${table}`,
  `CREATE TABLE history (
    id ${id} NOT NULL PRIMARY KEY,
    organisation ${id} NOT NULL,
    type ${name} NOT NULL,
    record ${id} NOT NULL,
    seq INT NOT NULL,
    at DATETIME(3) NOT NULL,
    machine_at DATETIME(3) NOT NULL,
    actor_kind ${name} NOT NULL,
    actor ${id} NULL,
    kind ${name} NOT NULL,
    rule VARCHAR(191) NOT NULL,
    because VARCHAR(191) NOT NULL DEFAULT '',
    cause ${id} NULL,
    depth SMALLINT NOT NULL DEFAULT 0,
    content_hash ${hash} NOT NULL,
    previous_hash ${hash} NULL,
    hash ${hash} NOT NULL,
    sealed ${id} NULL,
    UNIQUE KEY chain (record, seq),
    KEY seal (organisation, sealed, id)
  ) ${table}`,
  // Erasure deletes this row and leaves the chain: the hash covers SHA-256(salt, canonical change), not the change.
  `CREATE TABLE history_body (
    history ${id} NOT NULL PRIMARY KEY, salt CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    summary TEXT NOT NULL, detail MEDIUMTEXT NOT NULL
  ) ${table}`,
  `CREATE TABLE seal (
    id ${id} NOT NULL PRIMARY KEY, organisation ${id} NOT NULL, at DATETIME(3) NOT NULL, first ${id} NOT NULL,
    last ${id} NOT NULL, count INT NOT NULL, root ${hash} NOT NULL, previous ${id} NULL,
    signature VARCHAR(191) NOT NULL, KEY organisation (organisation, id)
  ) ${table}`,
  // Doubtful readings of an import, until a person answers them.
  `CREATE TABLE finding (
    id ${id} NOT NULL PRIMARY KEY, organisation ${id} NOT NULL, type ${name} NOT NULL, record ${id} NOT NULL,
    code ${name} NOT NULL, message VARCHAR(1000) NOT NULL, path VARCHAR(191) NULL, state ENUM('open','answered') NOT NULL,
    answer TEXT NULL, answered_by ${id} NULL, answered_at DATETIME(3) NULL, created_at DATETIME(3) NOT NULL,
    KEY record (record, state)
  ) ${table}`,
];

export class Foundation1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
