// A device in JavaScript: words, message, signature and bytes of a packet, with circomlibjs alone.
// Written from docs/specification.md, not from the Rust code, so that the two check each other.
"use strict";
const { buildBabyjub, buildEddsa, buildPoseidon } = require("circomlibjs");

const SCHEMAS = { uptime: 1, coverage: 2, energy: 3, witness: 4 };
const ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

// Packs fields of `width` bits into an integer, the first in the lowest bits.
const pack = (fields, width) =>
  fields.reduceRight((word, field) => (word << BigInt(width)) | BigInt(field), 0n);

const chunks = (list, size) =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

// An integer as little-endian bytes.
const bytesOf = (integer, length) =>
  Buffer.from(BigInt(integer).toString(16).padStart(2 * length, "0"), "hex").reverse();

const integerOf = (bytes) => BigInt("0x" + Buffer.from(bytes).reverse().toString("hex"));

// § 3.2: the words of each schema.
const words = {
  uptime: ({ slots }) => [0, 144].map((first) =>
    slots.filter((slot) => slot >= first && slot < first + 144)
      .reduce((word, slot) => word | (1n << BigInt(slot - first)), 0n)),
  // A quarter is given as `present | tamper << 1 | delta << 2`; the tamper bits go into the first word.
  energy: ({ generation, start, end, quarters }) => [
    BigInt(generation) | (BigInt(start) << 16n) | (BigInt(end) << 160n) |
      (pack(quarters.map((quarter) => (quarter >> 1) & 1), 1) << 64n),
    ...chunks(quarters.map((quarter) => (quarter & 1) | ((quarter >> 2) << 1)), 12).map((chunk) => pack(chunk, 21)),
  ],
  // Hearings are [member, offset code, class], ascending by member, then offset; unused places are padded.
  witness: ({ cohort, hearings }) => {
    const entry = ([member, offset, level]) => level + offset * 4 + member * 2 ** 22;
    const padding = Array.from({ length: 128 - hearings.length }, (_, i) => [255, hearings.length + i, 0]);
    return [BigInt(cohort), ...chunks([...hearings, ...padding].map(entry), 8).map((c) => pack(c, 30))];
  },
};
words.coverage = words.uptime;

async function connect() {
  const [poseidon, eddsa, curve] = await Promise.all([buildPoseidon(), buildEddsa(), buildBabyjub()]);
  const F = curve.F;
  const hash = (inputs) => F.toObject(poseidon(inputs.map((input) => F.e(input))));

  // § 2.1: the tagged hash of a vector.
  const hashVector = (tag, entries) => {
    const first = (BigInt("0x" + Buffer.from(tag).toString("hex")) << 32n) | BigInt(entries.length);
    if (entries.length === 0) return hash([first]);
    return chunks(entries, 15).reduce(
      (h, chunk) => hash([h, ...chunk, ...(chunk.length === 4 ? [0n] : [])]), first);
  };

  const publicKey = (secret) => Buffer.from(curve.packPoint(eddsa.prv2pub(secret)));
  const sign = (secret, message) =>
    Buffer.from(eddsa.packSignature(eddsa.signPoseidon(secret, F.e(message))));
  // A fresh copy, because unpackPoint clears the sign bit of what it is given.
  const unpack = (packed) => curve.unpackPoint(Uint8Array.from(packed));
  const verify = (packedKey, message, signature) => {
    const R8 = unpack(signature.subarray(0, 32));
    const S = integerOf(signature.subarray(32));
    return R8 !== null && eddsa.verifyPoseidon(F.e(message), { R8, S }, unpack(packedKey));
  };

  // § 3.1
  const message = (record) => hashVector(`ergon/1/record/${record.schema}`, [
    record.network, record.device, record.epoch, record.counter, record.nonce, record.salt,
    ...record.words,
  ].map(BigInt));

  // § 3.5
  const bytes = (record, signature) => Buffer.concat([
    Buffer.from([1, SCHEMAS[record.schema]]),
    bytesOf(record.network, 32),
    bytesOf(record.device, 8), bytesOf(record.epoch, 8), bytesOf(record.counter, 8),
    bytesOf(record.nonce, 32), bytesOf(record.salt, 32),
    ...record.words.map((word) => bytesOf(word, 32)),
    signature,
  ]);

  const packet = (secret, record) => bytes(record, sign(secret, message(record)));

  return { F, curve, eddsa, hash, hashVector, publicKey, sign, verify, unpack, message, bytes, packet };
}

module.exports = { SCHEMAS, ORDER, pack, chunks, bytesOf, integerOf, words, connect };
