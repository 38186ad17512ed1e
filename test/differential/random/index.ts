// All families of random commands. A new family is a file beside this one and a line here.
import type fc from 'fast-check';
import {
  floatCommand,
  genericCommand,
  hashCommand,
  patternCommand,
  stringCommand,
  subsequenceCommand,
} from '../random-commands.js';
import type { StepLike } from '../steps.js';
import { listCommand } from './lists.js';
import { setCommand } from './sets.js';
import { sortedSetCommand } from './sorted-sets.js';
import { sortedSetAlgebraCommand } from './sorted-set-algebra.js';
import { geoCommand } from './geo.js';
import { streamCommand } from './streams.js';
import { streamGroupCommand } from './stream-groups.js';
import { bitmapCommand } from './bitmaps.js';
import { hyperLogLogCommand } from './hyperloglog.js';
import { sortCommand } from './sort.js';
import { hashFieldTimeCommand } from './hash-field-times.js';

type Families = Readonly<Record<string, fc.Arbitrary<StepLike>>>;

/** Families whose commands write: what they log and which events they report is compared too. */
export const writingFamilies: Families = {
  'strings and counters': stringCommand,
  'hashes across the limits of their small encoding': hashCommand,
  'lists across the limits of their encodings': listCommand,
  'sets across the limits of their encodings': setCommand,
  'sorted sets across the limit of their small encoding': sortedSetCommand,
  'unions, intersections and differences of sorted sets': sortedSetAlgebraCommand,
  places: geoCommand,
  streams: streamCommand,
  'consumer groups': streamGroupCommand,
  bitmaps: bitmapCommand,
  HyperLogLogs: hyperLogLogCommand,
  sorting: sortCommand,
  'keys, times to live and databases': genericCommand,
};

export const randomFamilies: Families = {
  ...writingFamilies,
  'patterns of names': patternCommand,
  'longest common subsequences': subsequenceCommand,
  'decimal fractions': floatCommand,
};

/** Families of commands that 7.0 does not know: 8.0 is the measure. */
export const newerFamilies: Families = { 'times to live of hash fields': hashFieldTimeCommand };
