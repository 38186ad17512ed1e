import type { Case } from '../steps.js';

export const hashExpiry: readonly Case[] = [];
