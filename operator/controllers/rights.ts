// Which objects' rights are written as RBAC: an object is Ready only when people can use it.

interface Identified {
  readonly metadata: { readonly uid: string; readonly generation?: number };
}

export class Rights {
  #written = new Map<string, number>();

  /** The rights that follow from exactly these objects are in force. */
  cover(objects: readonly Identified[]): void {
    this.#written = new Map(objects.map(({ metadata }) => [metadata.uid, metadata.generation ?? 0]));
  }

  /** Whether those of this object, as its spec is now, are. */
  covers({ metadata }: Identified): boolean {
    return (this.#written.get(metadata.uid) ?? -1) >= (metadata.generation ?? 0);
  }
}
