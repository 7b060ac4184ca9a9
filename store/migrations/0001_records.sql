-- What a gateway keeps. 64-bit identifiers are stored as the signed integer with the same bits.

-- The one network that this database belongs to.
CREATE TABLE network (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    terms  TEXT NOT NULL
);

-- Terms of a cohort (members, policy, witnesses), each version in force from an epoch on.
CREATE TABLE cohorts (
    cohort      INTEGER NOT NULL,
    from_epoch  INTEGER NOT NULL,
    terms       TEXT NOT NULL,
    PRIMARY KEY (cohort, from_epoch)
) WITHOUT ROWID;

-- The last admitted packet of each record, and what its acknowledgement said.
CREATE TABLE records (
    device    INTEGER NOT NULL,
    schema    INTEGER NOT NULL,
    epoch     INTEGER NOT NULL,
    cohort    INTEGER NOT NULL,
    packet    BLOB NOT NULL,
    slot      INTEGER NOT NULL,
    nonce     BLOB NOT NULL,
    arrivals  BLOB NOT NULL,
    PRIMARY KEY (device, schema, epoch)
);
CREATE INDEX records_by_cohort ON records (cohort, epoch);

-- Evidence: two signed packets of one record that contradict each other.
CREATE TABLE contradictions (
    device    INTEGER NOT NULL,
    schema    INTEGER NOT NULL,
    epoch     INTEGER NOT NULL,
    first     BLOB NOT NULL,
    second    BLOB NOT NULL,
    found_at  INTEGER NOT NULL,
    PRIMARY KEY (device, schema, epoch)
) WITHOUT ROWID;

-- The one seal of a cohort's epoch, with the bundle it was taken from.
CREATE TABLE seals (
    cohort     INTEGER NOT NULL,
    epoch      INTEGER NOT NULL,
    bundle     TEXT NOT NULL,
    sealed_at  INTEGER NOT NULL,
    PRIMARY KEY (cohort, epoch)
);

-- Openings of a cohort's energy state after a settled epoch.
CREATE TABLE states (
    cohort  INTEGER NOT NULL,
    epoch   INTEGER NOT NULL,
    state   TEXT NOT NULL,
    PRIMARY KEY (cohort, epoch)
);
