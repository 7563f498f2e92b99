//! The traffic behind one quota, as AWS's questions ask about it: requests, tokens, and means of a request.

use num_rational::BigRational;
use num_traits::Zero;

use super::assumptions::PlanInput;
use super::contribution::Contribution;
use super::result::{Plan, QuotaPlan};
use crate::units::MILLIONTHS;
use crate::workload::Workload;

/// The traffic of a quota in the period and hour of its largest requirement.
#[derive(Debug, Clone)]
pub struct QuotaTraffic<'a> {
    /// Every row of the quota, active then or not.
    pub rows: Vec<&'a Workload>,
    /// Indices into `rows` of those that run in that hour.
    pub active: Vec<usize>,
    /// The rows with the largest parts of the peak, active then or not, in file order.
    pub largest: Vec<(Contribution, &'a Workload)>,
    /// Requests per minute at the mean, and in the busiest minute.
    pub requests: (BigRational, BigRational),
    /// Settled tokens per minute at the mean, and in the busiest minute, whatever the quota counts.
    pub tokens: (BigRational, BigRational),
    /// Input of a request that counts: cache writes are included, cache reads are not. The mean over the requests of the
    /// busiest minute, so that the requests of that minute times (input + rate x output) are its tokens; `None` without
    /// requests.
    pub input: Option<BigRational>,
    /// Cache reads, likewise.
    pub cache_read: Option<BigRational>,
    /// Cache writes, likewise.
    pub cache_write: Option<BigRational>,
    /// Output, likewise.
    pub output: Option<BigRational>,
    /// Share of requests with more than 25,000 input tokens; `None` where a row does not say.
    pub over_25k: Option<BigRational>,
    /// Names of the rows that do not say.
    pub silent_on_25k: Vec<&'a str>,
}

impl Plan {
    /// The traffic of a quota; `most` is how many of the largest rows are kept with all that they add.
    #[must_use]
    pub fn traffic<'a>(
        &'a self,
        input: &'a PlanInput<'a>,
        quota: &'a QuotaPlan,
        most: usize,
    ) -> QuotaTraffic<'a> {
        // What is averaged over the requests of the rows.
        let averaged: [fn(&Workload) -> u64; 5] = [
            |row| row.input().millionths() + row.cache_write().millionths(),
            |row| row.cache_read().millionths(),
            |row| row.cache_write().millionths(),
            |row| row.output().millionths(),
            |row| row.share_over_25k().map_or(0, |share| share.millionths()),
        ];
        let mut sums = averaged.map(|_| BigRational::zero());
        let (mut requests, mut tokens) = ((BigRational::zero(), BigRational::zero()), Default::default());
        let (mut rows, mut active) = (Vec::new(), Vec::new());
        let (mut largest, mut silent_on_25k) = (Vec::new(), Vec::new());
        for part in self.contributions(input, quota) {
            let Some(row) = input.workloads.rows().get(part.row) else { continue };
            rows.push(row);
            if part.active {
                active.push(rows.len() - 1);
                add(&mut requests, (&part.rate, &part.peak_rate));
                let settled = BigRational::new(part.cost.settled().millionths().into(), MILLIONTHS.into());
                add(&mut tokens, (&(&part.rate * &settled), &(&part.peak_rate * &settled)));
                for (sum, of) in sums.iter_mut().zip(averaged) {
                    *sum += &part.peak_rate * BigRational::new(of(row).into(), MILLIONTHS.into());
                }
                if row.share_over_25k().is_none() {
                    silent_on_25k.push(row.name());
                }
            }
            keep_largest(&mut largest, most, (part, row));
        }
        largest.sort_unstable_by_key(|(part, _)| part.row);
        let [input, cache_read, cache_write, output, over_25k] =
            sums.map(|sum| (!requests.1.is_zero()).then(|| sum / &requests.1));
        QuotaTraffic {
            rows,
            active,
            largest,
            requests,
            tokens,
            input,
            cache_read,
            cache_write,
            output,
            over_25k: over_25k.filter(|_| silent_on_25k.is_empty()),
            silent_on_25k,
        }
    }
}

fn add(sums: &mut (BigRational, BigRational), parts: (&BigRational, &BigRational)) {
    sums.0 += parts.0;
    sums.1 += parts.1;
}

/// Takes a row in among the largest, of which the earlier comes first where two are alike.
fn keep_largest<'a>(
    largest: &mut Vec<(Contribution, &'a Workload)>,
    most: usize,
    row: (Contribution, &'a Workload),
) {
    let at = largest.partition_point(|(other, _)| other.peak_exact >= row.0.peak_exact);
    if at < most {
        largest.truncate(most - 1);
        largest.insert(at, row);
    }
}
