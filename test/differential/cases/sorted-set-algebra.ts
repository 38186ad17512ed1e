import type { Case } from '../steps.js';

export const sortedSetAlgebra: readonly Case[] = [];
