import type { Case } from '../steps.js';

export const geo: readonly Case[] = [];
