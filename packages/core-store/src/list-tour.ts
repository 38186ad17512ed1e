/**
 * The tour of a list: node by node from the head, because elements must be shown in their order.
 *
 * A node that is about to change is copied first, and the copy is put aside: it will be shown where its node is, when the tour
 * gets there. What is put aside is a chain of nodes, kept for the node before whose own content it comes, or for the end of
 * the list. When a node goes, what was kept for it is kept for the one behind; a whole run of nodes that is cut out, or the
 * whole list when it is deleted, is put aside as it is and not copied.
 *
 * A node has been dealt with, or is new, when it is in `#done`. Nodes behind the tour all are, and nothing is kept for them.
 */
import type { Handle } from './arena.js';
import { BlockSet } from './block-set.js';
import { type ListNodes, NODE_HEADER } from './list-node.js';
import type { Tour } from './tour.js';

/** Nodes that are linked, and in no list any more. */
interface Chain {
  first: Handle;
  last: Handle;
}

/** What a tour asks of the list that it shows. */
export interface ListTourHost {
  readonly nodes: ListNodes;
  /** Shows the elements of a node. */
  show(node: Handle): void;
  /** Frees a chain of nodes. */
  drop(first: Handle): void;
  ended(tour: ListTour): void;
}

export class ListTour implements Tour {
  readonly root = 0;
  /** The key's record; 0 when the list is deleted. */
  record: Handle;
  readonly #host: ListTourHost;
  readonly #nodes: ListNodes;
  readonly #done = new BlockSet();
  /** What is put aside, by the node that it comes before; by 0 what comes at the end. */
  readonly #aside = new Map<Handle, Chain>();
  /** The chain that is being shown and freed, before the tour goes on to `#next`. */
  #chain: Handle = 0;
  #next: Handle;

  constructor(host: ListTourHost, record: Handle, head: Handle) {
    this.#host = host;
    this.#nodes = host.nodes;
    this.record = record;
    this.#next = head;
  }

  // ── what happens to the list ──────────────────────────────────────────────────────────────────────────────────────

  /** The content of a node is about to change. */
  willChange(node: Handle): void {
    if (this.#done.has(node)) return;
    const nodes = this.#nodes;
    const size = NODE_HEADER + nodes.used(node);
    const copy = nodes.copy(node, node, nodes.start(node), nodes.end(node), nodes.count(node), size);
    nodes.link(copy, 0);
    this.#done.add(node);
    this.#done.delete(copy);
    const kept = this.#aside.get(node);
    if (kept === undefined) {
      this.#aside.set(node, { first: copy, last: copy });
    } else {
      nodes.link(kept.last, copy);
      kept.last = copy;
    }
  }

  /** A node is new in the list. */
  added(node: Handle): void {
    this.#done.add(node);
  }

  /** A node is another block now. */
  moved(old: Handle, node: Handle): void {
    if (this.#done.has(old)) this.#done.add(node);
    else this.#done.delete(node);
    const kept = this.#aside.get(old);
    if (kept !== undefined) {
      this.#aside.delete(old);
      this.#aside.set(node, kept);
    }
    if (this.#next === old) this.#next = node;
  }

  /** A node, announced by `willChange`, goes; `next` is the one behind it. */
  removed(node: Handle, next: Handle): void {
    const kept = this.#aside.get(node);
    if (kept !== undefined) {
      this.#aside.delete(node);
      this.#putBefore(next, kept);
    }
    if (this.#next === node) this.#next = next;
  }

  /**
   * The nodes from `first` on, a chain of their own now that ends with `last`, have been cut out before `next`. The tour takes
   * what it has still to show. Answers what is left of the chain for the caller to free, 0 for nothing.
   */
  cut(first: Handle, last: Handle, next: Handle): Handle {
    const nodes = this.#nodes;
    let before = 0;
    for (let node = first; node !== 0; node = nodes.next(node)) {
      if (node === this.#next) this.#next = next;
      if (!this.#done.has(node) || this.#aside.has(node)) {
        if (before !== 0) nodes.link(before, 0);
        this.#putBefore(next, { first: node, last });
        return before === 0 ? 0 : first;
      }
      before = node;
    }
    return first;
  }

  /** The list is deleted: the tour frees its nodes. */
  deleted(head: Handle, tail: Handle): void {
    this.record = 0;
    this.#next = 0;
    if (head !== 0) this.#putBefore(0, { first: head, last: tail });
  }

  /** Puts a chain aside, to be shown before the node and before what is kept for it already. */
  #putBefore(node: Handle, chain: Chain): void {
    const kept = this.#aside.get(node);
    if (kept !== undefined) {
      this.#nodes.link(chain.last, kept.first);
      chain.last = kept.last;
    }
    this.#aside.set(node, chain);
  }

  // ── the tour ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Shows a node at most. */
  step(): boolean {
    const nodes = this.#nodes;
    const at = this.#chain === 0 ? this.#next : this.#chain;
    const kept = this.#aside.get(at);
    if (kept !== undefined) {
      this.#aside.delete(at);
      if (this.#chain !== 0) nodes.link(kept.last, at);
      this.#chain = kept.first;
      return false;
    }
    if (at === 0) return true;
    if (!this.#done.has(at)) this.#host.show(at);
    if (this.#chain === 0) {
      this.#done.add(at);
      this.#next = nodes.next(at);
    } else {
      this.#chain = nodes.next(at);
      nodes.free(at);
    }
    return false;
  }

  end(): void {
    if (this.#chain !== 0) this.#host.drop(this.#chain);
    this.#chain = 0;
    for (const { first } of this.#aside.values()) this.#host.drop(first);
    this.#aside.clear();
    this.#host.ended(this);
  }
}
