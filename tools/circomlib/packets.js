// Vectors of whole packets and acknowledgements, from ordinary days to every boundary (§ 3).
"use strict";
const { ORDER, SCHEMAS, words } = require("./device");
const { NETWORK, networkId, slotHex, u64 } = require("./hashes");
const { entry, salt, secret, stream } = require("./random");

const SLOTS = Array.from({ length: 288 }, (_, i) => i);
const MOST = 2 ** 20 - 1;
const quarters = (make) => Array.from({ length: 96 }, (_, i) => make(i));
const NO_QUARTERS = quarters(() => 0);
const quarter = (delta, tamper = 0, present = 1) => present | (tamper << 1) | (delta << 2);

const slotBodies = (schema) => {
  const next = stream(`${schema} slots`);
  return {
    "no slot": { slots: [] },
    "the first slot": { slots: [0] },
    "the last slot": { slots: [287] },
    "both sides of the words' border": { slots: [143, 144] },
    "every slot": { slots: SLOTS },
    "every second slot": { slots: SLOTS.filter((slot) => slot % 2 === 1) },
    "a day with gaps": { slots: SLOTS.filter(() => next(20) > 0) },
  };
};

function energyBodies() {
  const next = stream("energy");
  const sun = quarters((i) => (i < 24 || i > 80 ? quarter(0) : quarter(next(9000), next(40) === 0 ? 1 : 0)));
  const sum = (list) => list.reduce((total, q) => total + (q >> 2), 0);
  return {
    "nothing": { generation: 0, start: 0, end: 0, quarters: NO_QUARTERS },
    "a sunny day": { generation: 1, start: 5_000_000, end: 5_000_000 + sum(sun) + 17, quarters: sun },
    "every quarter hour at its most": { generation: 65535, start: 0, end: 96 * MOST, quarters: quarters(() => quarter(MOST, 1)) },
    "counters at their most": { generation: 65535, start: 2 ** 48 - 1, end: 2 ** 48 - 1, quarters: quarters(() => quarter(0)) },
    "the whole register in one day": { generation: 7, start: 0, end: 2 ** 48 - 1, quarters: NO_QUARTERS },
    "the first quarter hour": { generation: 2, start: 10, end: 11, quarters: NO_QUARTERS.map((_, i) => (i === 0 ? quarter(1) : 0)) },
    "the last quarter hour": { generation: 2, start: 10, end: 11, quarters: NO_QUARTERS.map((_, i) => (i === 95 ? quarter(1) : 0)) },
    "tampering in one quarter hour": { generation: 3, start: 1, end: 9, quarters: NO_QUARTERS.map((_, i) => (i === 50 ? quarter(8, 1) : 0)) },
  };
}

const byPlace = (a, b) => a[0] - b[0] || a[1] - b[1];
function hearings(label, count, members) {
  const next = stream(label);
  const seen = new Map();
  while (seen.size < count) {
    const [member, place] = [next(members), next(2 ** 20)];
    seen.set(`${member} ${place}`, [member, place, next(4)]);
  }
  return [...seen.values()].sort(byPlace);
}
const witnessBodies = () => ({
  "an empty table": { cohort: 0, hearings: [] },
  "one hearing": { cohort: 1, hearings: [[0, 0, 0]] },
  "the greatest hearing": { cohort: 2 ** 32 - 1, hearings: [[254, 2 ** 20 - 1, 3]] },
  "a drive": { cohort: 7, hearings: hearings("drive", 37, 8) },
  "one below a full table": { cohort: 7, hearings: hearings("almost full", 127, 64) },
  "a full table": { cohort: 7, hearings: hearings("full", 128, 255) },
});

// Headers by turns: an ordinary first packet, a later one, everything at its most, everything at its least.
function header(turn, label, network) {
  const later = { network, device: 1n + BigInt(turn), epoch: 20_000n, counter: 17n, nonce: entry(`nonce ${label}`), salt: salt(label) };
  return [
    { ...later, counter: 1n, nonce: 0n },
    later,
    { network: ORDER - 1n, device: 2n ** 64n - 1n, epoch: 2n ** 64n - 1n, counter: 2n ** 64n - 1n, nonce: ORDER - 1n, salt: 2n ** 248n - 1n },
    { network, device: 1n, epoch: 0n, counter: 2n ** 48n - 1n, nonce: 1n, salt: 0n },
  ][turn % 4];
}

function packets(device) {
  const bodies = { uptime: slotBodies("uptime"), coverage: slotBodies("coverage"), energy: energyBodies(), witness: witnessBodies() };
  const network = networkId(device, NETWORK);
  return Object.keys(SCHEMAS).flatMap((schema) => Object.entries(bodies[schema]).map(([name, body], turn) => {
    const record = { schema, ...header(turn, `${schema} ${name}`, network), words: words[schema](body) };
    const prv = secret(`device ${turn}`);
    const { device: id, epoch, counter, nonce, salt: salted } = record;
    const fields = { network: record.network, nonce, salt: salted };
    for (const key of Object.keys(fields)) fields[key] = String(fields[key]);
    return {
      name, schema, key: device.publicKey(prv).toString("hex"),
      device: u64(id), epoch: u64(epoch), counter: u64(counter), ...fields,
      body: body.slots ? { slots: slotHex(body.slots) } : body,
      message: String(device.message(record)), bytes: device.packet(prv, record).toString("hex"),
    };
  }));
}

// § 3.6, in the JSON form of an acknowledgement.
function acks(device) {
  const prv = secret("attestor");
  const rows = [
    [networkId(device, NETWORK), 5n, 20_000n, "uptime", entry("ack head 0"), 0, entry("ack nonce 0")],
    [networkId(device, NETWORK), 6n, 20_000n, "energy", entry("ack head 1"), 95, entry("ack nonce 1")],
    [networkId(device, NETWORK), 7n, 0n, "witness", 1n, 287, 1n],
    [ORDER - 1n, 2n ** 64n - 1n, 2n ** 64n - 1n, "coverage", ORDER - 1n, 2 ** 32 - 1, ORDER - 1n],
  ];
  return rows.map(([network, id, epoch, schema, head, slot, nonce]) => {
    const message = device.hashVector("ergon/1/ack",
      [network, id, epoch, BigInt(SCHEMAS[schema]), head, BigInt(slot), nonce]);
    return {
      attestor: device.publicKey(prv).toString("hex"),
      ack: {
        network: String(network), device: u64(id), epoch: u64(epoch), schema, head: String(head), slot,
        nonce: String(nonce), signature: device.sign(prv, message).toString("hex"),
      },
    };
  });
}

module.exports = { packets, acks, hearings, energyBodies, slotBodies };
