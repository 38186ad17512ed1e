import type { Case } from '../steps.js';

export const sortedSets: readonly Case[] = [];
