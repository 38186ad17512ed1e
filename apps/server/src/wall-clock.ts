/**
 * The time of day in microseconds. `Date` has milliseconds, and is what tests move; the monotonic clock is finer, but knows
 * neither of that nor of an administrator who sets the time. So the milliseconds are those of `Date`, asked anew each
 * time, and the digits behind them come from the monotonic clock, kept in step with it.
 */
import { performance } from 'node:perf_hooks';

/** What is added to the monotonic clock to get the time of day, ms. */
let offset = performance.timeOrigin;

/** Milliseconds since the epoch. A call of its own, because `Date.now` is another function while it is faked. */
export function unixMilliseconds(): number {
  return Date.now();
}

/** Microseconds since the epoch. */
export function unixMicroseconds(): number {
  const milliseconds = Date.now();
  let fine = performance.now() + offset;
  if (fine < milliseconds || fine >= milliseconds + 1) {
    const inStep = fine < milliseconds ? milliseconds : milliseconds + 0.999;
    offset += inStep - fine;
    fine = inStep;
  }
  return milliseconds * 1000 + Math.floor((fine - milliseconds) * 1000);
}

/** Milliseconds that only pass, for durations and budgets: no fake timer stops them. */
export function monotonicMilliseconds(): number {
  return performance.now();
}
