// Registration of a dataset bucket with Lake Formation: without it, data is read with the reader's own S3 rights and filters mean nothing.
import type { LakeRegistration } from '../../aws/lakeformation.ts';
import type { RegistrationClaims } from '../claims.ts';
import type { DocumentType, Plan } from '../document.ts';
import type { RegistrationKey } from '../document-key.ts';

export type RegistrationAction =
  { readonly do: 'register'; readonly as: LakeRegistration } | { readonly do: 'deregister' };

export interface ObservedRegistration {
  readonly registration: LakeRegistration | undefined;
}

export const registration: DocumentType<RegistrationKey, RegistrationClaims, ObservedRegistration, RegistrationAction> =
  {
    kind: 'registration',

    observe: async ({ aws }, key) => ({ registration: await aws.lakeFormation.registration(locationArn(key)) }),

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
        actions: [{ do: 'register', as: { resourceArn: locationArn(key), roleArn, hybrid } }],
        drift: [{ kind: present === undefined ? 'missing' : 'changed', message, grants: [] }],
        refused: new Map(),
      };
    },

    async execute({ aws }, key, _claims, action) {
      if (action.do === 'register') await aws.lakeFormation.register(action.as);
      else await aws.lakeFormation.deregister(locationArn(key));
      return { done: true };
    },

    judge: () => new Map(),

    isClean: (_key, claims, observed) =>
      claims.wanted !== undefined || !claims.owned || observed.registration === undefined,
  };

export const locationArn = ({ bucket }: Pick<RegistrationKey, 'bucket'>): string => `arn:aws:s3:::${bucket}`;
