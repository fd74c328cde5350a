// What AWS decided about grants, such as the alias of an access point, as runs of documents found it: people are told in the status.
import type { GrantOutputs } from '../../access/document.ts';
import { shareOf } from './observed-document.ts';

export class GrantOutputsByShare {
  readonly #byShare = new Map<string, Map<string, GrantOutputs>>();

  /** What people need to know of a grant, from all documents. */
  get(grant: string): GrantOutputs | undefined {
    return this.#byShare.get(shareOf(grant))?.get(grant);
  }

  add(grant: string, outputs: GrantOutputs): void {
    if (Object.keys(outputs).length === 0) return;
    const share = shareOf(grant);
    const known = this.#byShare.get(share) ?? new Map<string, GrantOutputs>();
    this.#byShare.set(share, known.set(grant, { ...known.get(grant), ...outputs }));
  }

  /** For names that are only in a status after a restart. */
  remember(grant: string, outputs: GrantOutputs): void {
    if (this.get(grant) === undefined) this.add(grant, outputs);
  }

  /** @param share `namespace/name` of one that is gone */
  forget(share: string): void {
    this.#byShare.delete(share);
  }
}
