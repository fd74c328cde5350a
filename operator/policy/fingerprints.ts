// Fingerprints of statements that are built again and again in the same words: each is made once.
import { fingerprint } from './canonical.ts';
import type { Statement } from './document.ts';

/** Made for one piece of work, and forgotten with it. */
export class Fingerprints {
  readonly #byText = new Map<string, string>();

  /** As `fingerprint`. */
  of(statement: Statement): string {
    const text = JSON.stringify(statement);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const made = fingerprint(statement);
    this.#byText.set(text, made);
    return made;
  }
}
