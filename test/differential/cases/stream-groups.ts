import type { Case } from '../steps.js';

export const streamGroups: readonly Case[] = [];
