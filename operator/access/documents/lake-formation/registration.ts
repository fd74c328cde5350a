// Registration of a dataset bucket with Lake Formation: without it, data is read with the reader's own S3 rights and filters mean nothing.
import { bucketArn } from '../../../policy/arn.ts';
import type { LakeRegistration } from '../../../aws/services/lakeformation.ts';
import { hasHybridAccess, isAt, sharesOfDatasets } from '../../dataset-baseline.ts';
import type { RegistrationClaims } from '../../desired.ts';
import type { DocumentType, Flaw, Plan } from '../../document.ts';
import type { RegistrationKey } from '../../document-key.ts';

export type RegistrationAction =
  { readonly do: 'register'; readonly as: LakeRegistration } | { readonly do: 'deregister' };

export interface ObservedRegistration {
  readonly registration: LakeRegistration | undefined;
  /** Of others, which count for what lies there. */
  readonly below: readonly LakeRegistration[];
}

export const registration: DocumentType<RegistrationKey, RegistrationClaims, ObservedRegistration, RegistrationAction> =
  {
    kind: 'registration',

    collect(specs, key) {
      const dataset = specs.datasetsOfBucket(key.bucket).find(isAt(key));
      if (dataset?.status.roleArn === undefined) return undefined;
      const live = dataset.metadata.deletionTimestamp === undefined;
      return {
        grants: [],
        wanted: live ? { roleArn: dataset.status.roleArn, hybrid: hasHybridAccess(dataset) } : undefined,
        owned: dataset.status.before?.registration?.registered !== true,
      };
    },

    shares: (specs, key) => sharesOfDatasets(specs, specs.datasetsOfBucket(key.bucket)),

    owners: (specs, key) => specs.datasetsOfBucket(key.bucket).filter(isAt(key)),

    async observe({ aws }, key) {
      const all = await aws.lakeFormation.registrationsWithin(bucketArn(key));
      const isOfBucket = ({ resourceArn }: LakeRegistration): boolean => resourceArn === bucketArn(key);
      return { registration: all.find(isOfBucket), below: all.filter((one) => !isOfBucket(one)) };
    },

    plan(key, claims, { registration: present }): Plan<RegistrationAction> {
      if (claims.wanted === undefined)
        return present === undefined || !claims.owned
          ? { actions: [], drift: [], refused: new Map() }
          : { actions: [{ do: 'deregister' }], drift: [], refused: new Map() };
      const { roleArn, hybrid } = claims.wanted;
      if (present?.roleArn === roleArn && present.hybrid === hybrid)
        return { actions: [], drift: [], refused: new Map() };
      const message =
        present === undefined
          ? 'the bucket is not registered with Lake Formation'
          : `the bucket is registered with ${present.roleArn ?? 'the service-linked role'}`;
      return {
        actions: [{ do: 'register', as: { resourceArn: bucketArn(key), roleArn, hybrid } }],
        drift: [{ kind: present === undefined ? 'missing' : 'changed', message, grants: [] }],
        refused: new Map(),
      };
    },

    async execute({ aws }, key, _claims, action) {
      if (action.do === 'register') await aws.lakeFormation.register(action.as);
      else await aws.lakeFormation.deregister(bucketArn(key));
      return { done: true };
    },

    judge: () => new Map(),

    isClean: (_key, claims, observed) =>
      claims.wanted !== undefined || !claims.owned || observed.registration === undefined,

    ownReading(key, { wanted }, { registration: present, below }) {
      if (wanted === undefined) return undefined;
      const isAsWanted = ({ roleArn, hybrid }: LakeRegistration): boolean =>
        roleArn === wanted.roleArn && hybrid === wanted.hybrid;
      const registered = present === undefined ? below : [present, ...below];
      if (present !== undefined && registered.every(isAsWanted)) return undefined;
      return (_dataset, prefix) => {
        const table = `${bucketArn(key)}/${prefix}`;
        const [around] = registered
          .filter((one) => isWithin(table, one.resourceArn))
          .toSorted((a, b) => b.resourceArn.length - a.resourceArn.length);
        if (around === undefined) return unregistered(table, wanted.roleArn);
        const inside = registered.filter((one) => one !== around && isWithin(one.resourceArn, table));
        const other = [around, ...inside].find((one) => !isAsWanted(one));
        return other && readByAnother(other, wanted.roleArn);
      };
    },
  };

/** Both as ARNs, with or without a closing slash. */
const isWithin = (inner: string, outer: string): boolean => asFolder(inner).startsWith(asFolder(outer));

const asFolder = (arn: string): string => `${arn.replace(/\/+$/, '')}/`;

const unregistered = (location: string, roleArn: string): Flaw => ({
  health: 'Unhealthy',
  reason: 'ReaderDenied',
  message: `${location} is not registered with Lake Formation, which gives nobody credentials for it: register its bucket with ${roleArn}`,
});

/** What another role may do is in its policies and in its account's; and in hybrid access mode each principal would have to be opted in. */
const readByAnother = ({ resourceArn, roleArn, hybrid }: LakeRegistration, wanted: string): Flaw => ({
  health: 'Unknown',
  reason: 'Unverified',
  message: `${resourceArn} is registered with Lake Formation by ${roleArn ?? 'the service-linked role'}${hybrid ? ' in hybrid access mode' : ''}, and whether tables there can be read in its name is not known: deregister it, so that ${wanted} reads them`,
});
