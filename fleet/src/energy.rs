//! A day of mean powers becomes the watt-hours of its quarter hours, in exact integers: each slot gets the floor of
//! the running integral at its end minus that at its start, so that they add up to the floor of the day's integral.

use jiff::civil::Time;
use num_bigint::BigUint;
use rust_decimal::Decimal;

use crate::describe::Unit;
use crate::series::Report;
use ergon_types::record::energy::QUARTERS;

const SECOND: u64 = 1_000_000_000;
const QUARTER: u64 = 900 * SECOND;
const DAY: u64 = 86_400 * SECOND;
/// Decimal places that a number can have.
const PLACES: u32 = 28;

/// The watt-hours of each quarter hour that a report's interval overlaps.
pub(crate) fn quarters(
    reports: &[Report],
    interval_seconds: u32,
    unit: Unit,
) -> Vec<(usize, BigUint)> {
    // In 10⁻²⁸ watt-nanoseconds.
    let mut sums: Vec<Option<BigUint>> = vec![None; QUARTERS];
    for report in reports {
        let power = scaled(report.power, unit);
        let start = nanosecond_of_day(report.time);
        let end = start + u64::from(interval_seconds) * SECOND;
        for (slot, sum) in (0u64..).zip(&mut sums) {
            let overlap = |from: u64| end.min(from + QUARTER).saturating_sub(start.max(from));
            // The day replays as one epoch: what runs past midnight falls into its first slots.
            let overlap = overlap(slot * QUARTER) + overlap(DAY + slot * QUARTER);
            if overlap > 0 {
                *sum.get_or_insert_default() += &power * overlap;
            }
        }
    }
    let watt_hour = BigUint::from(10u32).pow(PLACES) * SECOND * 3_600u32;
    let mut total = BigUint::default();
    let mut counted = BigUint::default();
    let mut quarters = Vec::new();
    for (slot, sum) in sums.into_iter().enumerate() {
        let Some(sum) = sum else { continue };
        total += sum;
        let counter = &total / &watt_hour;
        quarters.push((slot, &counter - &counted));
        counted = counter;
    }
    quarters
}

/// Power in 10⁻²⁸ watts; what a device draws is no export.
fn scaled(power: Decimal, unit: Unit) -> BigUint {
    let mantissa = power.mantissa().max(0).unsigned_abs();
    let places = PLACES.saturating_sub(power.scale());
    BigUint::from(mantissa) * BigUint::from(10u32).pow(places) * unit.watts()
}

fn nanosecond_of_day(time: Time) -> u64 {
    let second = u64::from(crate::uptime::second_of_day(time));
    second * SECOND + u64::from(time.subsec_nanosecond().unsigned_abs())
}
