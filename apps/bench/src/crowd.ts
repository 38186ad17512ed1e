/** Many connections to one server that do little. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { encode, type ServerAddress } from './pipeline-client.js';

/** Connections that are opened at once: fewer than a server lets wait. */
const CONNECTING = 200;

export class Crowd {
  readonly #sockets: Socket[] = [];

  /**
   * Resolves when all are connected, and have sent one command each.
   *
   * @param words of the command of client `i`
   * @param answered called for every piece of a reply
   */
  static async gather(
    address: ServerAddress,
    size: number,
    words: (i: number) => readonly string[],
    answered: () => void,
  ): Promise<Crowd> {
    const crowd = new Crowd();
    try {
      for (let first = 0; first < size; first += CONNECTING) {
        const group = Array.from({ length: Math.min(CONNECTING, size - first) }, (_, i) => {
          const socket = connect(address);
          crowd.#sockets.push(socket);
          socket.write(encode(words(first + i)));
          socket.on('data', answered);
          return once(socket, 'connect');
        });
        await Promise.all(group);
      }
    } catch (error) {
      crowd.leave();
      throw error;
    }
    return crowd;
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
