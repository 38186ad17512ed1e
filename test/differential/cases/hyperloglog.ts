import type { Case } from '../steps.js';

export const hyperLogLog: readonly Case[] = [];
