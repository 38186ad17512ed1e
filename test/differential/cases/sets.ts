import type { Case } from '../steps.js';

export const sets: readonly Case[] = [];
