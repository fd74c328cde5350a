// A binary heap whose elements know their place, so that any of them can be removed in O(log n).

export interface HeapElement {
  /** Maintained by the heap. */
  position: number;
}

export class BinaryHeap<E extends HeapElement> {
  readonly #elements: E[] = [];
  readonly #before: (a: E, b: E) => boolean;

  constructor(before: (a: E, b: E) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#elements.length;
  }

  peek(): E | undefined {
    return this.#elements[0];
  }

  push(element: E): void {
    this.#place(element, this.#elements.length);
    this.#up(element);
  }

  pop(): E | undefined {
    const first = this.#elements[0];
    if (first) this.remove(first);
    return first;
  }

  remove(element: E): void {
    const last = this.#elements.pop();
    if (!last || last === element) return;
    this.#place(last, element.position);
    this.#up(last);
    this.#down(last);
  }

  #place(element: E, position: number): void {
    this.#elements[position] = element;
    element.position = position;
  }

  #up(element: E): void {
    for (;;) {
      const at = element.position;
      const parent = this.#elements[(at - 1) >> 1];
      if (at === 0 || !parent || !this.#before(element, parent)) return;
      this.#place(element, parent.position);
      this.#place(parent, at);
    }
  }

  #down(element: E): void {
    for (;;) {
      const at = element.position;
      const left = this.#elements[2 * at + 1];
      const right = this.#elements[2 * at + 2];
      const child = right && left && this.#before(right, left) ? right : left;
      if (!child || !this.#before(child, element)) return;
      this.#place(element, child.position);
      this.#place(child, at);
    }
  }
}
