import type { Case } from '../steps.js';

export const bitmaps: readonly Case[] = [];
