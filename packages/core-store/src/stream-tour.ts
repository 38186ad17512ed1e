/**
 * The tour of a stream: node by node, then its figures, then its groups.
 *
 * A node that is about to change is copied first, one that goes is taken over; they wait in the order of their ids, which is
 * also that of the directory. Nodes with ids up to that of the tour have been dealt with; those above the last id that there
 * was at the beginning are new.
 *
 * Groups are objects (`stream-groups.ts`): names and positions are noted at the beginning. Of pending entries, those that are about to
 * change are noted; the others are met in the order of their ids. An entry that was dealt with, or is new, has the epoch.
 */
import type { Arena, Handle } from './arena.js';
import type { Listpack } from './listpack.js';
import type { PendingEntry } from './pending-list.js';
import { StreamCursor } from './stream-cursor.js';
import type { StreamDirectory } from './stream-directory.js';
import type { GroupWatcher, StreamGroup } from './stream-groups.js';
import { StreamId } from './stream-id.js';
import type { GroupFigures, PartVisitor, PendingFigures, StreamFigures, Tour } from './tour.js';

/** Consumers, or pending entries. */
const PER_STEP = 64;

interface Aside {
  readonly id: StreamId;
  readonly node: Handle;
}

export class StreamTour implements Tour {
  /** The stream's header. */
  readonly root: Handle;
  readonly #arena: Arena;
  readonly #listpack: Listpack;
  readonly #directory: StreamDirectory;
  readonly #parts: PartVisitor;
  readonly #ended: () => void;
  readonly #entries: StreamCursor;
  readonly #figures: StreamFigures;
  readonly #groups: GroupTour[];
  #figuresShown = false;
  #group = 0;
  /** Nodes with greater ids are still to be shown. */
  readonly #shown = new StreamId();
  /** The last node of those that there were. */
  readonly #last = new StreamId();
  /** Nodes that are put aside, in the order of their ids; the first ones have been shown. */
  readonly #aside: Aside[] = [];
  #firstAside = 0;
  readonly #id = new StreamId();

  constructor(
    root: Handle,
    tools: { arena: Arena; listpack: Listpack; directory: StreamDirectory; epoch: number },
    figures: StreamFigures,
    groups: Iterable<StreamGroup>,
    parts: PartVisitor,
    ended: () => void,
  ) {
    this.root = root;
    this.#arena = tools.arena;
    this.#listpack = tools.listpack;
    this.#directory = tools.directory;
    this.#figures = figures;
    this.#parts = parts;
    this.#ended = ended;
    this.#entries = new StreamCursor(tools.arena, tools.listpack, tools.directory);
    this.#groups = Array.from(groups, (group) => new GroupTour(group, tools.epoch));
    const nodes = this.#directory.count(root);
    if (nodes > 0) this.#directory.masterId(root, nodes - 1, this.#last);
  }

  // ── what happens to the stream ────────────────────────────────────────────────────────────────────────────────────

  /** The content of a node is about to change. */
  willChange(index: number): void {
    const id = this.#unshown(index);
    if (id === undefined) return;
    const node = this.#directory.node(this.root, index);
    const bytes = this.#listpack.bytes(node);
    const copy = this.#arena.alloc(bytes);
    this.#arena.copyBlock(node, copy, bytes);
    this.#putAside(id, copy);
  }

  /** A node is about to go; true: the tour frees it. */
  willGo(index: number): boolean {
    const directory = this.#directory;
    const id = this.#unshown(index);
    if (id !== undefined) this.#putAside(id, directory.node(this.root, index));
    // Where the last node goes because XSETID went below its id, the next one may have its id.
    if (index === directory.count(this.root) - 1) {
      if (index > 0) directory.masterId(this.root, index - 1, this.#id);
      else this.#id.setMin();
      if (this.#id.compare(this.#last) < 0) this.#last.copy(this.#id);
    }
    return id !== undefined;
  }

  /** The id of a node that is as it was and has still to be shown. */
  #unshown(index: number): StreamId | undefined {
    const id = this.#id;
    this.#directory.masterId(this.root, index, id);
    if (id.compare(this.#shown) <= 0 || id.compare(this.#last) > 0) return undefined;
    return this.#aside[this.#place(id)]?.id.equals(id) === true ? undefined : id;
  }

  /** Where this id is, or belongs, among the nodes put aside. */
  #place(id: StreamId): number {
    let low = this.#firstAside;
    let high = this.#aside.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#aside[middle]!.id.compare(id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #putAside(id: StreamId, node: Handle): void {
    this.#aside.splice(this.#place(id), 0, { id: id.clone(), node });
  }

  // ── the tour ──────────────────────────────────────────────────────────────────────────────────────────────────────

  step(): boolean {
    if (this.#showNode()) return false;
    if (!this.#figuresShown) {
      this.#figuresShown = true;
      this.#parts.figures(this.#figures);
    }
    const group = this.#groups[this.#group];
    if (group === undefined) return true;
    if (group.step(this.#parts)) this.#group++;
    return this.#group === this.#groups.length;
  }

  /** False when there are no more. */
  #showNode(): boolean {
    const directory = this.#directory;
    const aside = this.#aside[this.#firstAside];
    const index = directory.find(this.root, this.#shown) + 1;
    const id = this.#id;
    let live = index < directory.count(this.root);
    if (live) {
      directory.masterId(this.root, index, id);
      live = id.compare(this.#last) <= 0;
    }
    if (aside !== undefined && (!live || aside.id.compare(id) <= 0)) {
      this.#firstAside++;
      this.#shown.copy(aside.id);
      this.#entries.openApart(aside.node, aside.id);
      this.#showEntries();
      this.#arena.free(aside.node);
      return true;
    }
    if (!live) return false;
    this.#shown.copy(id);
    this.#entries.open(this.root, index);
    this.#showEntries();
    return true;
  }

  #showEntries(): void {
    const entries = this.#entries;
    while (entries.forward()) if (!entries.isDeleted) this.#parts.entry(entries);
  }

  end(): void {
    for (const { node } of this.#aside.slice(this.#firstAside)) this.#arena.free(node);
    this.#aside.length = 0;
    this.#firstAside = 0;
    for (const group of this.#groups) group.end();
    this.#ended();
  }
}

class GroupTour implements GroupWatcher {
  readonly #group: StreamGroup;
  readonly #epoch: number;
  readonly #figures: GroupFigures;
  readonly #consumers: string[];
  readonly #noted: PendingFigures[] = [];
  #begun = false;
  readonly #next = new StreamId();

  constructor(group: StreamGroup, epoch: number) {
    this.#group = group;
    this.#epoch = epoch;
    this.#figures = { name: group.name, lastId: group.lastId.clone(), entriesRead: group.entriesRead };
    this.#consumers = [...group.consumers.keys()];
    group.watcher = this;
  }

  added(entry: PendingEntry): void {
    entry.epoch = this.#epoch;
  }

  willChange(entry: PendingEntry): void {
    if (entry.epoch === this.#epoch) return;
    entry.epoch = this.#epoch;
    const { id, consumer, deliveryTime, deliveryCount } = entry;
    this.#noted.push({ id, consumer: consumer.name, deliveryTime, deliveryCount });
  }

  /** True when all is shown. */
  step(parts: PartVisitor): boolean {
    if (!this.#begun) {
      this.#begun = true;
      parts.group(this.#figures);
    }
    let left = PER_STEP;
    for (; left > 0; left--) {
      const consumer = this.#consumers.pop();
      if (consumer === undefined) break;
      parts.consumer(this.#figures, consumer);
    }
    for (; left > 0; left--) {
      const noted = this.#noted.pop();
      if (noted === undefined) break;
      parts.pending(this.#figures, noted);
    }
    if (left === 0) return false;
    for (const entry of this.#group.pending.from(this.#next)) {
      if (left-- === 0) return false;
      this.#next.copy(entry.id);
      if (entry.epoch === this.#epoch) continue;
      entry.epoch = this.#epoch;
      const { id, consumer, deliveryTime, deliveryCount } = entry;
      parts.pending(this.#figures, { id, consumer: consumer.name, deliveryTime, deliveryCount });
    }
    return true;
  }

  end(): void {
    this.#group.watcher = undefined;
  }
}
