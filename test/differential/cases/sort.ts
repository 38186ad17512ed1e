import type { Case } from '../steps.js';

export const sort: readonly Case[] = [];
