// An async iterable that is written to from outside: one watch of MemoryKubeApi.

export class EventStream<E> implements AsyncIterable<E> {
  readonly #queued: E[] = [];
  #wake: (() => void) | undefined;
  #end: { error?: unknown } | undefined;

  push(event: E): void {
    if (this.#end) return;
    this.#queued.push(event);
    this.#wake?.();
  }

  /** Ends after what is queued has been read: in order, or with an error. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<E> {
    for (;;) {
      const event = this.#queued.shift();
      if (event !== undefined) yield event;
      else if (this.#end) {
        if ('error' in this.#end) throw this.#end.error;
        return;
      } else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
