import fc from 'fast-check';
import type { StepLike } from '../steps.js';

export const geoCommand: fc.Arbitrary<StepLike> = fc.constant('PING');
