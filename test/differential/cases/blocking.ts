import type { Case } from '../steps.js';

export const blocking: readonly Case[] = [];
