/**
 * Numbered records of eight integers, for what is too small and too many to be objects.
 *
 * A record is named by a number from 1 on; 0 is none. Records lie in pages, so that nothing is copied when more are taken, and
 * a page whose last record is given back is let go. Taking and giving back take constant time.
 */
const PAGE_BITS = 9;
const PAGE = 1 << PAGE_BITS;
const IN_PAGE = PAGE - 1;
const WIDTH_BITS = 3;
const NOTHING = new Int32Array(0);

interface Page {
  /** Empty while no record of the page is taken. */
  ints: Int32Array;
  taken: number;
  /** The first free record as its place plus 1, or 0; the next one stands in its first integer. */
  free: number;
  /** It stands in the list of pages with room. */
  isListed: boolean;
}

export class Slots {
  readonly #pages: Page[] = [];
  /** Pages that had room when they were listed: the last one is tried first. */
  readonly #roomy: number[] = [];
  /** Pages without memory. */
  readonly #vacant: number[] = [];

  get(slot: number, field: number): number {
    const at = slot - 1;
    return this.#pages[at >> PAGE_BITS]!.ints[((at & IN_PAGE) << WIDTH_BITS) + field]!;
  }

  set(slot: number, field: number, value: number): void {
    const at = slot - 1;
    this.#pages[at >> PAGE_BITS]!.ints[((at & IN_PAGE) << WIDTH_BITS) + field] = value;
  }

  /** A record; what is in its fields is left from before. */
  take(): number {
    const index = this.#pageWithRoom();
    const page = this.#pages[index]!;
    const place = page.free - 1;
    page.free = page.ints[place << WIDTH_BITS]!;
    page.taken++;
    return (index << PAGE_BITS) + place + 1;
  }

  giveBack(slot: number): void {
    const at = slot - 1;
    const index = at >> PAGE_BITS;
    const page = this.#pages[index]!;
    if (--page.taken === 0) {
      page.ints = NOTHING;
      page.free = 0;
      this.#vacant.push(index);
      return;
    }
    const place = at & IN_PAGE;
    page.ints[place << WIDTH_BITS] = page.free;
    page.free = place + 1;
    this.#list(page, index);
  }

  #list(page: Page, index: number): void {
    if (page.isListed) return;
    page.isListed = true;
    this.#roomy.push(index);
  }

  #pageWithRoom(): number {
    for (let index = this.#roomy.at(-1); index !== undefined; index = this.#roomy.at(-1)) {
      if (this.#pages[index]!.free !== 0) return index;
      this.#pages[index]!.isListed = false;
      this.#roomy.pop();
    }
    const index = this.#vacant.pop() ?? this.#pages.length;
    const page = (this.#pages[index] ??= { ints: NOTHING, taken: 0, free: 0, isListed: false });
    page.ints = new Int32Array(PAGE << WIDTH_BITS);
    page.free = 1;
    for (let place = 0; place < PAGE - 1; place++) page.ints[place << WIDTH_BITS] = place + 2;
    this.#list(page, index);
    return index;
  }
}
