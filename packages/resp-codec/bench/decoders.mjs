/*
 * This package's decoder beside those of redis-parser 3, node-redis and ioredis, in one process, in alternated rounds.
 *
 *   node bench/decoders.mjs [--rounds N] [--only TEXT] [--clock cpu]
 *
 * Like against like: text against text; bytes as views of the chunk against the same (all the others give views). A string of a
 * chunked 4 MB bulk is a rope in some of them: each long string is read at its end, which makes it flat, as any use would. `--clock cpu` counts processor time instead: for machines that do other things. Printed: nanoseconds per reply (median of the rounds) and the ratio of the best of the others to ours.
 */
import { contestants } from './contestants.mjs';
import { workloads } from './workloads.mjs';

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at === -1 ? otherwise : process.argv[at + 1];
};
const rounds = Number(argument('--rounds', '15'));
const only = argument('--only', '');
const SLICE_MS = 15;

let last;
let taken = 0;
const take = (reply) => {
  last = reply;
  taken++;
};

function pass(write, { chunks, touch }) {
  for (let i = 0; i < chunks.length; i++) write(chunks[i]);
  if (touch && typeof last === 'string') last.charCodeAt(last.length - 1);
}

const cpuTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1e3;
};
const now = argument('--clock', 'wall') === 'cpu' ? cpuTime : () => performance.now() * 1e6;

/** Nanoseconds per reply over about SLICE_MS. */
function measure(write, workload, passes) {
  const start = now();
  for (let i = 0; i < passes; i++) pass(write, workload);
  return (now() - start) / (passes * workload.replies);
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const names = Object.keys(contestants);
console.log(`node ${process.version}, ${rounds} rounds; ns per reply\n`);
console.log(`| workload | as | ${names.join(' | ')} | best other / ours |`);
console.log(`|---|---|${names.map(() => '---:|').join('')}---:|`);

// Everything sees everything once: otherwise whoever is measured first is measured before the types of the rest are known to the compiler.
for (const bulk of ['string', 'view']) {
  for (const workload of Object.values(workloads)) {
    for (const name of names) {
      const write = contestants[name](bulk, take);
      const end = performance.now() + SLICE_MS;
      while (performance.now() < end) pass(write, workload);
    }
  }
}

for (const bulk of ['string', 'view']) {
  for (const [label, workload] of Object.entries(workloads)) {
    if (!`${label} ${bulk}`.includes(only)) continue;
    const entries = names.map((name) => {
      taken = 0;
      const write = contestants[name](bulk, take);
      pass(write, workload);
      if (taken !== workload.replies) throw new Error(`${name}: ${taken} replies of ${workload.replies}`);
      let passes = 1;
      while (measure(write, workload, passes) * passes * workload.replies < SLICE_MS * 1e6) passes *= 2;
      return { write, passes, times: [] };
    });
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < entries.length; i++) {
        const entry = entries[(i + round) % entries.length];
        entry.times.push(measure(entry.write, workload, entry.passes));
      }
    }
    const results = entries.map(({ times }) => median(times));
    const ratio = Math.min(...results.slice(1)) / results[0];
    const cells = results.map((ns) => (ns < 1000 ? ns.toFixed(1) : Math.round(ns).toLocaleString('en-US')));
    console.log(`| ${label} | ${bulk === 'string' ? 'text' : 'bytes'} | ${cells.join(' | ')} | ${ratio.toFixed(2)} |`);
  }
}
