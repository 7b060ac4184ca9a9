// Reproducible choices for the vectors: SHA-256 of a label and a counter.
"use strict";
const { createHash } = require("crypto");
const { ORDER } = require("./device");

const sha = (text) => createHash("sha256").update(text).digest();

// 32 secret bytes of a numbered device.
const secret = (name) => sha(`secret of ${name}`);

// A field element.
const entry = (label) => BigInt("0x" + sha(label).toString("hex")) % ORDER;

// 248 bits, as salts are.
const salt = (label) => BigInt("0x" + sha(label).toString("hex")) >> 8n;

// A stream of integers below given bounds.
const stream = (label) => {
  let count = 0;
  return (bound) => sha(`${label} ${count++}`).readUInt32BE(0) % bound;
};

module.exports = { secret, entry, salt, stream };
