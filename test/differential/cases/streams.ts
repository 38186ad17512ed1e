import type { Case } from '../steps.js';

export const streams: readonly Case[] = [];
