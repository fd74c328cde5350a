// The requests that a document may serve, whatever they give at the moment.
import { keyArn } from '../policy/arn.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import { sharesOfAccessPoint } from './desired-state.ts';
import type { DocumentKey } from './document-key.ts';
import { principalArnOf } from './principal-arn.ts';
import type { Specs } from './specs.ts';

export const sharesTouching = (specs: Specs, key: DocumentKey): readonly ShareRequest[] => {
  switch (key.kind) {
    case 'bucket-policy':
    case 'registration':
      return ofDatasets(specs, specs.datasetsOfBucket(key.bucket));
    case 'key-policy':
      return ofDatasets(specs, specs.datasetsOfKey(keyArn(key)));
    case 'access-point':
      return sharesOfAccessPoint(specs, key);
    case 'catalog-grants':
      return ofDatasets(specs, specs.datasetsOfDatabase(key.account, key.region, key.database));
    case 'share-policies':
      return specs.principalsOf(principalArnOf(specs, key)).flatMap((principal) => {
        const { metadata } = principal.kind === 'Team' ? principal.team : principal.role;
        return specs.sharesOfPrincipal(metadata.namespace, principal.kind, metadata.name);
      });
    case 'shared-database': {
      const datasets = specs.datasetsOfDatabase(key.sourceAccount, key.region, key.sourceDatabase);
      return ofDatasets(specs, datasets).filter((share) => isIn(specs, share, key.account));
    }
    case 'invitations':
      return specs
        .environmentsOf(key.account, key.region)
        .flatMap(({ metadata }) => specs.sharesOfEnvironment(metadata.name));
    case 'lake-settings':
      return [];
  }
};

interface Named {
  readonly metadata: { readonly namespace: string; readonly name: string };
}

const ofDatasets = (specs: Specs, datasets: readonly Named[]): readonly ShareRequest[] =>
  datasets.flatMap(({ metadata }) => specs.sharesOfDataset(metadata.namespace, metadata.name));

const isIn = (specs: Specs, { metadata }: ShareRequest, account: string): boolean =>
  specs.environment(metadata.namespace)?.spec.account.id === account;
