import fc from 'fast-check';
import type { StepLike } from '../steps.js';

export const streamCommand: fc.Arbitrary<StepLike> = fc.constant('PING');
