// Vectors of points, keys and signatures, good and bad (§ 2.3).
"use strict";
const { ORDER, bytesOf, integerOf } = require("./device");
const { entry, secret } = require("./random");

const hex = (bytes) => Buffer.from(bytes).toString("hex");

// A packing as circomlibjs writes it, with a sign bit that does not belong there or a y of any size.
const withSign = (packed) => Buffer.from(packed.map((byte, i) => (i === 31 ? byte | 0x80 : byte)));

// Points whose order is 2, 4 and 8, from the generator of the whole curve.
function smallOrder({ curve }) {
  const eight = curve.mulPointEscalar(curve.Generator, curve.subOrder);
  const four = curve.addPoint(eight, eight);
  return { two: curve.addPoint(four, four), four, eight };
}

function keys({ F, curve, unpack, publicKey }) {
  return Array.from({ length: 12 }, (_, i) => secret(`device ${i}`)).map((prv) => {
    const packed = publicKey(prv);
    const [x, y] = unpack(packed).map((coordinate) => F.toObject(coordinate));
    if (!curve.inSubgroup(unpack(packed))) throw new Error("circomlibjs made a key outside the subgroup");
    return { secret: hex(prv), x: String(x), y: String(y), packed: hex(packed) };
  });
}

// Encodings that must not become keys, each with the name of our error.
function points({ F, curve, unpack, publicKey }) {
  const { two, four, eight } = smallOrder({ curve });
  const key = unpack(publicKey(secret("device 0")));
  const pack = (p) => Buffer.from(curve.packPoint(p));
  const negative = ([x, y]) => [F.neg(x), y];
  const identity = pack([F.e(0n), F.e(1n)]);
  let offCurve = 2n;
  while (unpack(bytesOf(offCurve, 32)) !== null) offCurve++;
  let smallY = 2n;
  while (unpack(bytesOf(smallY, 32)) === null) smallY++;
  return [
    ["the identity", identity, "SmallOrder"],
    ["a point of order 2", pack(two), "SmallOrder"],
    ["a point of order 4", pack(four), "SmallOrder"],
    ["the other point of order 4", pack(negative(four)), "SmallOrder"],
    ["a point of order 8", pack(eight), "SmallOrder"],
    ["another point of order 8", pack(curve.addPoint(eight, two)), "SmallOrder"],
    ["the negative of a point of order 8", pack(negative(eight)), "SmallOrder"],
    ["the generator of the whole curve", pack(curve.Generator), "SmallOrder"],
    ["a key and a point of order 2", pack(curve.addPoint(key, two)), "SmallOrder"],
    ["a key and a point of order 4", pack(curve.addPoint(key, four)), "SmallOrder"],
    ["a key and a point of order 8", pack(curve.addPoint(key, eight)), "SmallOrder"],
    ["a y coordinate of no point", bytesOf(offCurve, 32), "OffCurve"],
    ["a y coordinate of no point, with a sign bit", withSign(bytesOf(offCurve, 32)), "OffCurve"],
    ["the identity with a sign bit", withSign(identity), "NotCanonical"],
    ["a point of order 2 with a sign bit", withSign(pack(two)), "NotCanonical"],
    ["the identity with the field's order added to y", bytesOf(1n + ORDER, 32), "NotCanonical"],
    ["a point with the field's order added to y", bytesOf(smallY + ORDER, 32), "NotCanonical"],
    ["the field's order as y", bytesOf(ORDER, 32), "NotCanonical"],
    ["all bits set", Buffer.alloc(32, 0xff), "NotCanonical"],
  ].map(([name, packed, error]) => ({ name, packed: hex(packed), error }));
}

// Signatures over bare messages. The verdict is `valid`, `invalid`, or the name of our error.
function signatures(device) {
  const { F, curve, publicKey, sign, unpack } = device;
  const { two, eight } = smallOrder(device);
  const list = [];
  const add = (name, key, message, signature, verdict) =>
    list.push({ name, key: hex(key), message: String(message), signature: hex(signature), verdict });
  const prv = secret("device 1");
  const key = publicKey(prv);
  for (const [name, message] of [["0", 0n], ["1", 1n], ["r - 1", ORDER - 1n], ["2^253", 2n ** 253n]]) {
    add(`message ${name}`, key, message, sign(prv, message), "valid");
  }
  for (let i = 2; i < 12; i++) {
    const [other, message] = [secret(`device ${i}`), entry(`message ${i}`)];
    add(`device ${i}`, publicKey(other), message, sign(other, message), "valid");
  }
  const message = entry("a message");
  const good = sign(prv, message);
  const [r, s] = [good.subarray(0, 32), good.subarray(32)];
  const withS = (integer) => Buffer.concat([r, bytesOf(integer, 32)]);
  const withR = (bytes) => Buffer.concat([bytes, s]);
  add("another message", key, message + 1n, good, "invalid");
  add("another key", publicKey(secret("device 2")), message, good, "invalid");
  add("response plus the subgroup's order", key, message, withS(integerOf(s) + curve.subOrder), "NotCanonical");
  add("response is the subgroup's order", key, message, withS(curve.subOrder), "NotCanonical");
  add("response one below the subgroup's order", key, message, withS(curve.subOrder - 1n), "invalid");
  add("response with all bits set", key, message, Buffer.concat([r, Buffer.alloc(32, 0xff)]), "NotCanonical");
  add("commitment negated", key, message, withR(r.map((b, i) => (i === 31 ? b ^ 0x80 : b))), "invalid");
  const shifted = curve.packPoint(curve.addPoint(unpack(r), two));
  add("commitment plus a point of order 2", key, message, withR(shifted), "invalid");
  add("commitment of order 8", key, message, withR(curve.packPoint(eight)), "invalid");
  add("commitment is the identity with a sign bit", key, message, withR(withSign(bytesOf(1n, 32))), "NotCanonical");
  add("commitment with the field's order added to y", key, message, withR(bytesOf(ORDER + 1n, 32)), "NotCanonical");
  add("64 zero bytes", key, message, Buffer.alloc(64), "invalid");
  for (const item of list) {
    const accepted = device.verify(Buffer.from(item.key, "hex"), BigInt(item.message) % ORDER, Buffer.from(item.signature, "hex"));
    const refusedByUs = ["NotCanonical", "OffCurve"].includes(item.verdict);
    if (!refusedByUs && accepted !== (item.verdict === "valid")) throw new Error(`circomlibjs disagrees: ${item.name}`);
  }
  return list;
}

// Under a key of order 8 the challenge vanishes: R = S·Base8 signs everything. circomlibjs accepts that.
function universal(device) {
  const { curve, verify } = device;
  const key = curve.packPoint(smallOrder(device).eight);
  const response = 12345n;
  const signature = Buffer.concat([
    Buffer.from(curve.packPoint(curve.mulPointEscalar(curve.Base8, response))), bytesOf(response, 32)]);
  const messages = [0n, entry("any message")];
  if (!messages.every((message) => verify(key, message, signature))) throw new Error("circomlibjs refuses order 8 now");
  return { key: hex(key), signature: hex(signature), messages: messages.map(String) };
}

module.exports = { keys, points, signatures, universal };
