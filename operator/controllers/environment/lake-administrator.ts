// The pivot role of an environment as administrator of its account's data lake, which a document of the engine makes it: whether a read
// has proved it since the environment has this role.
import { formatDocumentKey, type LakeSettingsKey } from '../../access/document-key.ts';
import type { Stored } from '../../kernel/kind.ts';
import type { Environment } from '../../resources/environment.ts';
import { documentController } from '../aws-document/controller-names.ts';
import { DocumentInquiries } from '../reconcile/document-inquiries.ts';
import type { Platform } from '../reconcile/platform.ts';
import { isReadyAsIs } from '../reconcile/reconcile-outcome.ts';
import { progressingAt, type EnvironmentOutcome, type PhaseInput } from './phases.ts';

export const lakeSettingsOf = ({ spec }: Environment): LakeSettingsKey => ({
  kind: 'lake-settings',
  account: spec.account.id,
  region: spec.account.region,
});

const FOLLOWS = 'the pivot role becomes a data lake administrator';

export class LakeAdministrators {
  readonly #platform: Pick<Platform, 'observed' | 'enqueue'>;
  readonly #inquiries: DocumentInquiries;
  /** By name of the environment: whose pivot role this process has seen last, and since when. */
  readonly #pivots = new Map<string, { readonly pivot: string; readonly since: number }>();

  constructor(platform: Pick<Platform, 'observed' | 'enqueue'>) {
    this.#platform = platform;
    this.#inquiries = new DocumentInquiries(platform.observed);
  }

  /** What an earlier process proved stands until this one has read the settings. */
  isAdministrator(environment: Stored<Environment>): boolean {
    const { observed, enqueue } = this.#platform;
    const settings = lakeSettingsOf(environment);
    const since = this.#mustBeReadAfter(environment);
    if (since === 0 && observed.get(settings) === undefined) {
      enqueue(documentController, formatDocumentKey(settings));
      return true;
    }
    return observed.get(settings)?.failure === undefined && observed.isCleanSince(settings, since);
  }

  /** Has it made one. @returns undefined once it is */
  reconcile({ environment, context, status }: PhaseInput): EnvironmentOutcome | undefined {
    // The document reads the pivot role from the stored status.
    if (environment.status.pivotRole?.arn !== status.pivotRole?.arn)
      return progressingAt(undefined, FOLLOWS, status, 0);
    const { name } = environment.metadata;
    if (this.isAdministrator(environment)) {
      this.#inquiries.forget(name);
      return undefined;
    }
    const { observed, enqueue } = this.#platform;
    const settings = lakeSettingsOf(environment);
    const failure = observed.get(settings)?.failure;
    if (this.#inquiries.mustEnqueue(name, settings, this.#mustBeReadAfter(environment), context.now()))
      enqueue(documentController, formatDocumentKey(settings), { priority: context.priority });
    return progressingAt(undefined, failure?.message ?? FOLLOWS, status, failure === undefined ? 500 : 15_000);
  }

  /** @param name of an environment that is gone */
  forget(name: string): void {
    this.#pivots.delete(name);
  }

  /** Settings that were read before an environment had this role do not prove that the role administers anything. */
  #mustBeReadAfter(environment: Stored<Environment>): number {
    const { metadata, status } = environment;
    const pivot = `${metadata.uid} ${status.pivotRole?.arn}`;
    const known = this.#pivots.get(metadata.name);
    if (known?.pivot === pivot) return known.since;
    const since = known === undefined && isReadyAsIs(environment) ? 0 : this.#platform.observed.nextRevision();
    this.#pivots.set(metadata.name, { pivot, since });
    return since;
  }
}
