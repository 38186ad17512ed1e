import type { Case } from '../steps.js';

export const lists: readonly Case[] = [];
