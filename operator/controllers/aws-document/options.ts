// What the controller of documents is told of the rest of the operator.
import type { DocumentKey } from '../../access/document-key.ts';
import { sharesTouching } from '../../access/document-types.ts';
import type { AccountAws } from '../../aws/account.ts';
import { datasetsBehind, importedBy } from '../reconcile/pivot-rights.ts';
import type { Platform } from '../reconcile/platform.ts';
import type { DocumentControllerOptions } from './aws-document.ts';
import { enqueueDependents } from './dependents.ts';

export const documentOptions = (platform: Platform): DocumentControllerOptions => ({
  ...platform,
  accountFor: (key) => accountFor(platform, key),
  sharesTouching: (key) => sharesTouching(platform.specs, key),
  areRightsOnTheWay: (key, now) => areRightsOnTheWay(platform, key, now),
  onRecord: (key, priority) => enqueueDependents(platform, key, priority),
  verifyEveryMs: platform.config.intervals.shareVerifyMinutes * 60_000,
});

const areRightsOnTheWay = ({ specs, pivotRights }: Platform, key: DocumentKey, now: number): boolean =>
  datasetsBehind(specs, key).some((dataset) => {
    const environment = specs.environment(dataset.metadata.namespace);
    const needed = environment && importedBy(dataset, environment.spec.resourcePrefix);
    return needed !== undefined && pivotRights.areOnTheWay(environment?.metadata.name ?? '', needed, now);
  });

/** IAM is global: any environment of the account will do. */
const accountFor = ({ specs, accountOf }: Platform, key: DocumentKey): AccountAws | undefined => {
  const environments =
    'region' in key ? specs.environmentsOf(key.account, key.region) : specs.environmentsOfAccount(key.account);
  for (const environment of environments) {
    const account = accountOf(environment);
    if (account !== undefined) return account;
  }
  return undefined;
};
