import fc from 'fast-check';
import type { StepLike } from '../steps.js';

export const sortCommand: fc.Arbitrary<StepLike> = fc.constant('PING');
