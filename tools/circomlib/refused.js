// Packets that must be refused, most of them properly signed by circomlibjs over their malformed words.
"use strict";
const { ORDER, bytesOf, words } = require("./device");
const { NETWORK, networkId } = require("./hashes");
const { hearings, energyBodies, slotBodies } = require("./packets");
const { entry, salt, secret } = require("./random");

const HEADER = 122;
// Where the fields of a packet begin (§ 3.5).
const OFFSETS = { network: 2, nonce: 58, salt: 90, word: HEADER };

function refused(device) {
  const prv = secret("device 1");
  const key = device.publicKey(prv);
  const network = networkId(device, NETWORK);
  const header = { network, device: 2n, epoch: 20_000n, counter: 3n, nonce: entry("refused"), salt: salt("refused") };
  const of = (schema, list) => ({ schema, ...header, words: list });
  const list = [];
  const add = (name, bytes, error) => list.push({ name, bytes: bytes.toString("hex"), error });
  const signed = (name, schema, list, error) => add(name, device.packet(prv, of(schema, list)), error);
  const edit = (bytes, change) => {
    const copy = Buffer.from(bytes);
    change(copy);
    return copy;
  };
  const changed = (list, index, change) => list.map((word, i) => (i === index ? change(word) : word));

  const slots = words.uptime(slotBodies("uptime")["a day with gaps"]);
  const uptime = device.packet(prv, of("uptime", slots));
  for (const version of [0, 2, 255]) add(`version ${version}`, edit(uptime, (b) => { b[0] = version; }), "Version");
  for (const schema of [0, 5, 255]) add(`schema ${schema}`, edit(uptime, (b) => { b[1] = schema; }), "Schema");
  add("no bytes", Buffer.alloc(0), "Length");
  add("a version alone", uptime.subarray(0, 1), "Length");
  add("the header alone", uptime.subarray(0, HEADER), "Length");
  add("the last byte missing", uptime.subarray(0, -1), "Length");
  add("the signature missing", uptime.subarray(0, -64), "Length");
  add("a trailing byte", Buffer.concat([uptime, Buffer.alloc(1)]), "Length");
  add("two packets", Buffer.concat([uptime, uptime]), "Length");
  add("uptime called energy", edit(uptime, (b) => { b[1] = 3; }), "Length");
  add("uptime called coverage", edit(uptime, (b) => { b[1] = 2; }), "Unsigned");
  for (const [field, offset] of Object.entries(OFFSETS)) {
    add(`${field} is the field's order`, edit(uptime, (b) => bytesOf(ORDER, 32).copy(b, offset)), "NotCanonical");
    add(`${field} with all bits set`, edit(uptime, (b) => b.fill(0xff, offset, offset + 32)), "NotCanonical");
  }
  const equal = device.packet(prv, { ...of("uptime", slots), nonce: 5n });
  add("nonce plus the field's order", edit(equal, (b) => bytesOf(5n + ORDER, 32).copy(b, OFFSETS.nonce)), "NotCanonical");

  for (const index of [0, 1]) {
    for (const bit of [144n, 200n, 252n]) {
      signed(`slot bit ${bit} of word ${index}`, "uptime", changed(slots, index, (w) => w | (1n << bit)), "Record");
    }
  }
  signed("slot word is the greatest entry", "coverage", changed(slots, 0, () => ORDER - 1n), "Record");

  const day = energyBodies()["a sunny day"];
  const energy = words.energy(day);
  const total = day.quarters.reduce((sum, quarter) => sum + (quarter >> 2), 0);
  const meter = (change) => words.energy({ ...day, ...change });
  signed("a bit above the end counter", "energy", changed(energy, 0, (w) => w | (1n << 208n)), "Record");
  for (const index of [1, 8]) {
    signed(`a bit above twelve quarter hours of word ${index}`, "energy", changed(energy, index, (w) => w | (1n << 252n)), "Record");
  }
  const absent = (bits) => words.energy({ ...day, end: day.end + 1, quarters: day.quarters.map((q, i) => (i === 95 ? bits : q)) });
  signed("tampering in an absent quarter hour", "energy", absent(2), "Record");
  signed("a watt-hour in an absent quarter hour", "energy", absent(4), "Record");
  signed("an end below the start", "energy", meter({ end: day.start - 1 }), "Record");
  signed("one watt-hour more than the register", "energy", meter({ end: day.start + total - 1 }), "Record");
  signed("watt-hours that wrap the register", "energy", meter({ start: 2 ** 48 - 1, end: total }), "Record");

  const heard = hearings("refused", 20, 8);
  const table = (change) => words.witness({ cohort: 7, hearings: change(heard.map((h) => [...h])) });
  const put = (index, member, offset, level) => (list) => { list[index] = [member, offset, level]; return list; };
  const good = table((list) => list);
  signed("a cohort above 32 bits", "witness", changed(good, 0, (w) => w | (1n << 32n)), "Record");
  signed("a bit above eight entries", "witness", changed(good, 1, (w) => w | (1n << 240n)), "Record");
  signed("entries out of order", "witness", table((l) => { [l[3], l[4]] = [l[4], l[3]]; return l; }), "Record");
  signed("a pair twice", "witness", table((l) => put(5, ...l[4])(l)), "Record");
  signed("a pair twice with another class", "witness", table((l) => put(5, l[4][0], l[4][1], l[4][2] ^ 1)(l)), "Record");
  signed("padding with a class", "witness", table((l) => [...l, [255, 20, 1]]), "Record");
  signed("padding with another offset", "witness", table((l) => [...l, [255, 19, 0]]), "Record");
  signed("padding before a hearing", "witness", table((l) => [...l, [255, 20, 0], [0, 0, 0]]), "Record");
  signed("padding member heard", "witness", table(put(19, 255, 2 ** 19, 3)), "Record");
  signed("zeros instead of entries", "witness", [7n, ...Array(16).fill(0n)], "Record");

  const sign = (name, error, change) => add(name, edit(uptime, (b) => change(b, b.length - 64)), error);
  sign("response is the subgroup's order", "Signature", (b, at) => bytesOf(device.curve.subOrder, 32).copy(b, at + 32));
  sign("response with all bits set", "Signature", (b, at) => b.fill(0xff, at + 32));
  sign("commitment not canonical", "Signature", (b, at) => bytesOf(ORDER + 1n, 32).copy(b, at));
  sign("commitment with a wrong sign bit", "Signature", (b, at) => { bytesOf(1n, 32).copy(b, at); b[at + 31] |= 0x80; });
  sign("signature of zeros", "Unsigned", (b, at) => b.fill(0, at));
  const other = (name, record, by = prv) =>
    add(name, device.bytes(of("uptime", slots), device.sign(by, device.message(record))), "Unsigned");
  other("another device's key", of("uptime", slots), secret("device 2"));
  for (const field of ["network", "device", "epoch", "counter", "nonce", "salt"]) {
    other(`signed for another ${field}`, { ...of("uptime", slots), [field]: header[field] + 1n });
  }
  other("signed for another schema", of("coverage", slots));
  other("signed for other words", of("uptime", [slots[1], slots[0]]));
  return { key: key.toString("hex"), packets: list };
}

module.exports = { refused };
