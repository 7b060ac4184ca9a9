// Vectors of hashes: Poseidon itself, tagged vectors, and everything that is committed to (§ 2, 4, 5).
"use strict";
const { ORDER, chunks, pack } = require("./device");
const { entry, salt, secret, stream } = require("./random");

// Integers that JSON numbers of JavaScript cannot hold; the writer strips the marker.
const u64 = (integer) => `@${integer}`;
const decimal = String;

const TAGS = [
  "ergon/1/network", "ergon/1/ack", "ergon/1/members", "ergon/1/state/energy/e50g16", "ergon/1/challenge/coverage",
  "ergon/1/seal",
  ...["uptime", "coverage", "energy", "witness"].map((schema) => `ergon/1/record/${schema}`),
  ...["seal", "batch"].flatMap((use) => ["uptime", "coverage", "energy"].map((kind) => `ergon/1/${use}/${kind}`)),
];

const NETWORK = {
  chain_id: 31337,
  settlement: "0x5fbdb2315678afecb367f032d93f642f64180aa3",
  registry: "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512",
};

const networkId = (device, { chain_id, settlement }) =>
  device.hashVector("ergon/1/network", [BigInt(chain_id), BigInt(settlement)]);

function poseidon({ hash }) {
  const lists = [[0n], [ORDER - 1n], [1n, 2n], Array(16).fill(0n), Array(16).fill(ORDER - 1n)];
  for (let length = 1; length <= 16; length++) {
    lists.push(Array.from({ length }, (_, i) => entry(`poseidon ${length} ${i}`)));
  }
  return lists.map((inputs) => ({ inputs: inputs.map(decimal), digest: decimal(hash(inputs)) }));
}

// Prefixes of one list under one tag, and one prefix under every tag.
function tagged({ hashVector }) {
  const entries = Array.from({ length: 40 }, (_, i) => (i === 3 ? ORDER - 1n : i === 7 ? 0n : entry(`tagged ${i}`)));
  const lengths = Array.from({ length: 41 }, (_, i) => i);
  return {
    entries: entries.map(decimal),
    prefixes: lengths.map((length) => decimal(hashVector("ergon/1/members", entries.slice(0, length)))),
    tags: TAGS.map((tag) => [tag, decimal(hashVector(tag, entries.slice(0, 19)))]),
  };
}

function networks(device) {
  return [
    NETWORK,
    { ...NETWORK, chain_id: 1, settlement: "0x" + "00".repeat(20) },
    { ...NETWORK, chain_id: u64(2n ** 64n - 1n), settlement: "0x" + "ff".repeat(20) },
  ].map((network) => {
    const chain_id = BigInt(String(network.chain_id).replace("@", ""));
    return { network, id: decimal(networkId(device, { ...network, chain_id })) };
  });
}

function point(device, packed) {
  return device.unpack(packed).map((coordinate) => device.F.toObject(coordinate));
}

// § 5.3, with an empty place in the middle and the largest attribute and identifier at the end.
function membership(device) {
  const { cohort, region } = { cohort: 7, region: 0x821fa7fffffffffn };
  const members = ["member 0", null, "member 2", "member 3"].map((name, i) => name && {
    device: i === 3 ? 2n ** 64n - 1n : BigInt(i + 1),
    key: device.publicKey(secret(name)),
    operator: "0x" + salt(name).toString(16).padStart(62, "0").slice(0, 40),
    attribute: i === 3 ? 2n ** 64n - 1n : BigInt(350_000 + i),
  });
  const words = [BigInt(NETWORK.chain_id), BigInt(NETWORK.registry), BigInt(cohort), region];
  for (const m of members) {
    words.push(...(m ? [...point(device, m.key), m.device, BigInt(m.operator), m.attribute] : Array(5).fill(0n)));
  }
  return {
    network: NETWORK,
    membership: {
      cohort, region: u64(region),
      members: members.map((m) => m && {
        device: u64(m.device), key: m.key.toString("hex"), operator: m.operator, attribute: u64(m.attribute),
      }),
    },
    words: words.map(decimal),
    root: decimal(device.hashVector("ergon/1/members", words)),
  };
}

// § 4: three members, of which the second is sealed as 0; two witnesses for coverage.
function seals(device) {
  return ["uptime", "coverage", "energy"].map((kind) => {
    const attestor = device.publicKey(secret("attestor"));
    const next = stream(`seal ${kind}`);
    const heads = [entry(`${kind} head 0`), 0n, entry(`${kind} head 2`)];
    const arrivals = kind === "uptime"
      ? heads.map((head) => Array.from({ length: 288 }, (_, i) => i).filter(() => head !== 0n && next(2) === 1)) : [];
    const witness_heads = kind === "coverage" ? [0n, entry("witness head 1")] : [];
    const fields = {
      network: networkId(device, NETWORK), epoch: 20_000n, cohort: 7n,
      membership_root: entry("membership root"),
      witness_root: kind === "coverage" ? entry("witness root") : 0n,
    };
    const [x, y] = point(device, attestor);
    const sealed = [fields.membership_root, fields.witness_root, salt(`seal ${kind}`)];
    heads.forEach((head, i) => sealed.push(head, ...(kind === "uptime" ? slotWords(arrivals[i]) : [])));
    sealed.push(...witness_heads);
    const content = device.hashVector(`ergon/1/seal/${kind}`, sealed);
    const { network, epoch, cohort } = fields;
    const message = device.hashVector("ergon/1/seal", [network, epoch, cohort, x, y, content]);
    return {
      seal: {
        kind, network: decimal(fields.network), epoch: 20_000, cohort: 7,
        membership_root: decimal(fields.membership_root), witness_root: decimal(fields.witness_root),
        attestor: attestor.toString("hex"), salt: decimal(salt(`seal ${kind}`)),
        heads: heads.map(decimal), arrivals: arrivals.map(slotHex), witness_heads: witness_heads.map(decimal),
      },
      content: decimal(content),
      message: decimal(message),
      signature: device.sign(secret("attestor"), message).toString("hex"),
    };
  });
}

const slotWords = (slots) => [0, 144].map((first) =>
  pack(Array.from({ length: 144 }, (_, i) => (slots.includes(first + i) ? 1 : 0)), 1));

// 288 slot bits as bytes, the first slot in the lowest bit of the first byte.
const slotHex = (slots) => Buffer.from(Array.from({ length: 36 }, (_, byte) =>
  slots.filter((slot) => slot >> 3 === byte).reduce((bits, slot) => bits | (1 << (slot & 7)), 0))).toString("hex");

// § 5.5
function states({ hashVector }) {
  const meters = [[0, 0n, 0n], [65535, 2n ** 48n - 1n, salt("state 1")], [1, 123_456_789n, salt("state 2")]];
  const state = meters.map(([generation, end, salted]) => ({ generation, end: u64(end), salt: decimal(salted) }));
  const entries = meters.flatMap(([generation, end, salted]) => [end | (BigInt(generation) << 50n), salted]);
  return [
    { state, commitment: decimal(hashVector("ergon/1/state/energy/e50g16", entries)) },
    { state: state.slice(0, 1), commitment: decimal(hashVector("ergon/1/state/energy/e50g16", entries.slice(0, 2))) },
  ];
}

// § 5.4 and 5.2: policies with their words, and a batch under each.
function batches(device) {
  const tiers = [[144, 2500], [260, 2500], [274, 2500], [65535, 65535]]
    .map(([minimum, increment]) => ({ minimum, increment }));
  const first = pack(tiers.map(({ minimum, increment }) => minimum + increment * 2 ** 16), 32);
  const weights = Array.from({ length: 96 }, (_, i) => 255 - i);
  const classes = [[1, 2 ** 24 - 1], [2, 75_625], [3, 2_601], [255, 64]].map(([weight, reach]) => ({ weight, reach }));
  const policies = [
    [{ kind: "uptime", tiers }, [first]],
    [{ kind: "coverage", tiers, witnesses: 255, classes },
      [first, 255n, pack(classes.map(({ weight, reach }) => weight + reach * 256), 32)]],
    [{ kind: "energy", tiers, margin: 105, weights }, [first, 105n, ...chunks(weights, 24).map((c) => pack(c, 8))]],
  ];
  const attestor = device.publicKey(secret("attestor"));
  return policies.map(([policy, policyWords]) => {
    const { kind } = policy;
    const some = (name) => entry(`batch ${kind} ${name}`);
    const units = [0n, 2n ** 64n - 1n, 287n, 1n];
    const witnesses = kind === "coverage" ? [8n, some("witness root")] : [0n, 0n];
    const state = kind === "energy" ? [some("before"), some("after")] : [0n, 0n];
    const included = kind === "energy" ? 11n : 0n;
    const words = [
      BigInt(NETWORK.chain_id), BigInt(NETWORK.settlement), BigInt(NETWORK.registry), 20_000n, 7n,
      some("membership root"), ...witnesses, ...state, ...point(device, attestor), some("seal"),
      BigInt("0x" + "f3".repeat(20)), included, ...policyWords, ...units,
    ];
    const z = some("z");
    // y = Σ wordᵢ·zⁱ, power by power rather than by Horner's rule.
    const y = words.reduce(([sum, power], word) => [(sum + word * power) % ORDER, (power * z) % ORDER], [0n, 1n])[0];
    return {
      policy, policy_words: policyWords.map(decimal), words: words.map(decimal),
      network: NETWORK, attestor: attestor.toString("hex"), prover: "0x" + "f3".repeat(20), units: units.map(u64),
      commitment: decimal(device.hashVector(`ergon/1/batch/${kind}`, words)), z: decimal(z), y: decimal(y),
    };
  });
}

module.exports = { NETWORK, networkId, u64, slotHex, poseidon, tagged, networks, membership, seals, states, batches };
