//! A member's side: its rows in order, each possible, each cell paid once.

use super::super::common::MemberWires;
use super::Observation;
use crate::gadgets::Gadgets;
use crate::id::WITNESSES;
use crate::input::{ROWS, Row};
use ark_ff::One;
use ergon_types::cell::{CELL_BITS, Cell, axial_of_bit};
use ergon_types::field::{self, Fr};
use ergon_types::policy::CLASSES;
use ergon_types::record::witness::{CLASS_BITS, ENTRY_BITS};

const WEIGHT_BITS: usize = 8;
const REACH_BITS: usize = 24;
/// Bits of a witness's index.
const WITNESS_BITS: usize = 2;
/// Bits of the order (cell, 3 − class, witness).
const ORDER_BITS: usize = CELL_BITS + CLASS_BITS + WITNESS_BITS;
/// Half the range of a coordinate in a member's attribute.
const COORDINATE_OFFSET: u64 = 1 << 15;

/// Weight and reach of each class.
pub(super) struct Classes<W> {
    weights: [W; CLASSES],
    reaches: [W; CLASSES],
}

impl<W: Clone> Classes<W> {
    /// Unpacks the policy's classes word (§ 5.4).
    pub(super) fn unpack<G: Gadgets<Wire = W>>(g: &mut G, word: &W) -> Self {
        let width = WEIGHT_BITS + REACH_BITS;
        let bits = g.bits("classes fit their word", word, width * CLASSES);
        Self {
            weights: std::array::from_fn(|i| g.pack(&bits[width * i..][..WEIGHT_BITS], 1)),
            reaches: std::array::from_fn(|i| {
                g.pack(&bits[width * i + WEIGHT_BITS..][..REACH_BITS], 1)
            }),
        }
    }
}

/// What a member served.
pub(super) struct Served<W> {
    /// Σ weights of the paid cells.
    pub(super) weight: W,
    /// Number of paid cells.
    pub(super) cells: W,
    /// The rows as observations.
    pub(super) observations: Vec<Observation<W>>,
}

/// One row's wires.
struct RowWires<W> {
    used: W,
    bits: Vec<W>,
    cell: W,
    class: [W; CLASS_BITS],
    witness: [W; WITNESSES],
}

/// The row before, with what its cell has reached.
struct Before<W> {
    row: RowWires<W>,
    order: W,
    best: W,
    count: W,
}

/// Asserts the rows of one member and adds up the paid cells.
pub(super) fn rule<G: Gadgets>(
    g: &mut G,
    (index, member): (usize, &MemberWires<G::Wire>),
    witnesses: &[MemberWires<G::Wire>],
    classes: &Classes<G::Wire>,
    needed: &G::Wire,
    plan: &[Row],
) -> Served<G::Wire> {
    let position = position(g, &member.attribute);
    let mut own = Vec::with_capacity(witnesses.len());
    for witness in witnesses {
        let difference = g.sub(&witness.operator, &member.operator);
        own.push(g.is_zero("witness's operator is the member's", &difference));
    }
    let mut last: Option<Before<G::Wire>> = None;
    let (mut cells, mut weights, mut observations) = (Vec::new(), Vec::new(), Vec::new());
    for place in 0..ROWS {
        let row = allocate(g, plan.get(place));
        for (witness, own) in row.witness.iter().zip(&own) {
            g.enforce("a witness is independent", witness, own, &g.zero());
        }
        let weight = class_value(g, "weight of the class", &classes.weights, &row.class);
        let reach = class_value(g, "reach of the class", &classes.reaches, &row.class);
        within_reach(g, &row, &position, &reach);

        let order = order(g, &row);
        let one = g.one();
        let (best, count) = match &last {
            None => (weight, one),
            Some(before) => {
                let gap = g.not(&before.row.used);
                g.enforce("used rows come first", &row.used, &gap, &g.zero());
                let step = g.sub(&g.sub(&order, &before.order), &one);
                let step = g.mul("step of a used row", &row.used, &step);
                g.bits("rows increase strictly", &step, ORDER_BITS);
                let other = g.sub(&row.cell, &before.row.cell);
                let same = g.is_zero("cell is the row's before", &other);
                let best = g.select("best weight of a cell", &same, &before.best, &weight);
                let count = g.mul("witnesses of a cell", &same, &before.count);
                (best, g.add(&count, &one))
            }
        };
        let missing = g.sub(&count, needed);
        let enough = g.is_zero("witnesses are enough", &missing);
        let paid = g.mul("cell is paid", &row.used, &enough);
        weights.push(g.mul("weight of a paid cell", &paid, &best));
        cells.push(paid);

        let value = g.linear(&[
            (Fr::one(), &row.class[0]),
            (Fr::from(2u64), &row.class[1]),
            (field::power_of_two(CLASS_BITS), &row.cell),
            (field::power_of_two(ENTRY_BITS), &witness_index(g, &row)),
        ]);
        let place = Fr::from(index as u64) * field::power_of_two(CLASS_BITS + CELL_BITS);
        let value = g.add(&value, &g.constant(place));
        observations.push(Observation { value, used: row.used.clone() });
        last = Some(Before { row, order, best, count });
    }
    Served { weight: g.sum(&weights), cells: g.sum(&cells), observations }
}

fn allocate<G: Gadgets>(g: &mut G, row: Option<&Row>) -> RowWires<G::Wire> {
    let (cell, class) = row.map_or((Cell(0), 0), |row| (row.cell, row.class));
    let used = g.bit("used is a bit", row.is_some());
    let bits: Vec<_> = (0..CELL_BITS).map(|i| g.bit("cell bit", (cell.0 >> i) & 1 == 1)).collect();
    for digit in bits.chunks(3) {
        let two = g.mul("digit is not 7", &digit[0], &digit[1]);
        g.enforce("digit is not 7", &two, &digit[2], &g.zero());
    }
    let class = std::array::from_fn(|i| g.bit("class bit", (class >> i) & 1 == 1));
    let witness: [_; WITNESSES] =
        std::array::from_fn(|i| g.bit("witness bit", row.is_some_and(|row| row.witness == i)));
    let chosen = g.sum(&witness);
    g.equal("a used row has one witness", &chosen, &used);
    RowWires { used, cell: g.pack(&bits, 1), bits, class, witness }
}

fn witness_index<G: Gadgets>(g: &G, row: &RowWires<G::Wire>) -> G::Wire {
    let terms: Vec<_> =
        row.witness.iter().enumerate().map(|(i, bit)| (Fr::from(i as u64), bit)).collect();
    g.linear(&terms)
}

/// (cell, 3 − class, witness) as one number.
fn order<G: Gadgets>(g: &G, row: &RowWires<G::Wire>) -> G::Wire {
    let unit = field::power_of_two(WITNESS_BITS);
    let weakness = g.linear(&[
        (Fr::from(3u64), &g.one()),
        (-Fr::one(), &row.class[0]),
        (-Fr::from(2u64), &row.class[1]),
    ]);
    g.linear(&[
        (field::power_of_two(WITNESS_BITS + CLASS_BITS), &row.cell),
        (unit, &weakness),
        (Fr::one(), &witness_index(g, row)),
    ])
}

/// Chooses one of four values by the class's two bits.
fn class_value<G: Gadgets>(
    g: &mut G,
    label: &'static str,
    values: &[G::Wire; CLASSES],
    class: &[G::Wire; CLASS_BITS],
) -> G::Wire {
    let weak = g.select(label, &class[0], &values[1], &values[0]);
    let strong = g.select(label, &class[0], &values[3], &values[2]);
    g.select(label, &class[1], &strong, &weak)
}

/// The member's axial coordinates from its attribute (§ 5.3).
fn position<G: Gadgets>(g: &mut G, attribute: &G::Wire) -> [G::Wire; 2] {
    let bits = g.bits("attribute has 32 bits", attribute, 32);
    let offset = g.constant(Fr::from(COORDINATE_OFFSET));
    [g.sub(&g.pack(&bits[..16], 1), &offset), g.sub(&g.pack(&bits[16..], 1), &offset)]
}

/// Asserts for a used row: squared distance between cell and member ≤ reach of its class.
fn within_reach<G: Gadgets>(
    g: &mut G,
    row: &RowWires<G::Wire>,
    position: &[G::Wire; 2],
    reach: &G::Wire,
) {
    let axis = |g: &G, of: fn((i32, i32)) -> i32, origin: &G::Wire| {
        let mut terms: Vec<_> = row
            .bits
            .iter()
            .enumerate()
            .map(|(i, bit)| (Fr::from(i64::from(of(axial_of_bit(i)))), bit))
            .collect();
        terms.push((-Fr::one(), origin));
        g.linear(&terms)
    };
    let a = axis(g, |point| point.0, &position[0]);
    let b = axis(g, |point| point.1, &position[1]);
    // a² + b² − ab
    let across = g.sub(&a, &b);
    let across = g.mul("distance a·(a − b)", &a, &across);
    let along = g.mul("distance b²", &b, &b);
    let distance = g.add(&across, &along);
    let slack = g.sub(reach, &distance);
    let slack = g.mul("slack of a used row", &row.used, &slack);
    g.bits("signal is possible at that distance", &slack, REACH_BITS);
}
