import fc from 'fast-check';
import type { StepLike } from '../steps.js';

export const setCommand: fc.Arbitrary<StepLike> = fc.constant('PING');
