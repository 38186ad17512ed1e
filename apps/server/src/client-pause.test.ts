import { CommandFlag } from '@clone/command-registry';
import { expect, it } from 'vitest';
import { ClientPause } from './client-pause.js';
import { TestServer } from './commands/server.fixture.js';

const { readonly, write } = CommandFlag;

it('holds up everybody, or those who write, until it is ended', () => {
  const { context, now } = new TestServer();
  const { dispatcher } = context;
  let changes = 0;
  const pause = new ClientPause(dispatcher, () => changes++);
  pause.pause(now + 1000, false);
  expect(dispatcher.postpone?.(readonly)).toBe(false);
  expect(dispatcher.postpone?.(write)).toBe(true);
  pause.pause(now + 500, true);
  expect(dispatcher.postpone?.(readonly)).toBe(true);
  // The stricter kind stays.
  pause.pause(now + 2000, false);
  expect(dispatcher.postpone?.(readonly)).toBe(true);
  const order: number[] = [];
  pause.postponed({ goOn: () => order.push(1) });
  const gone = { goOn: () => order.push(2) };
  pause.postponed(gone);
  pause.postponed({ goOn: () => order.push(3) });
  pause.forget(gone);
  pause.unpause();
  expect(order).toEqual([1, 3]);
  expect(pause.isOn).toBe(false);
  expect(changes).toBe(4);
});
