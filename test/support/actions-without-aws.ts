// Actions of the operator's internal API with what AWS would answer written down; what asks Kubernetes alone is as it is.

import { defineAction, type Action } from '../../operator/actions/action.ts';
import { consoleRoute, credentialsRoute } from '../../operator/actions/contract/credentials.ts';
import { importableRoute, importCheckRoute } from '../../operator/actions/contract/importable.ts';
import { linkRoute } from '../../operator/actions/contract/link.ts';
import type { RouteObject } from '../../operator/actions/contract/route.ts';
import { stackRoute } from '../../operator/actions/contract/stack.ts';
import type { AssertedUser } from '../../operator/actions/contract/user.ts';
import { Problem } from '../../operator/actions/problem.ts';
import { reapplyAction } from '../../operator/actions/reapply.ts';
import { templateAction } from '../../operator/actions/template.ts';
import { verifyAction } from '../../operator/actions/verify.ts';

const limits = { milliseconds: 5_000, bytes: 100_000 };
export const SECRET = 'wJalrXUtnFEMI-secret';
export const keys = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: SECRET,
  sessionToken: `${SECRET}-token`,
  expiration: '2026-11-30T13:00:00Z',
};

export const stack = {
  name: 'dataall-sales-salesprd',
  arn: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/dataall-sales-salesprd/1',
  account: '111111111111',
  region: 'eu-west-1',
  status: 'CREATE_COMPLETE',
  outputs: { role: 'arn:aws:iam::111111111111:role/sales' },
  resources: [{ logicalId: 'Role', physicalId: 'sales', type: 'AWS::IAM::Role', status: 'CREATE_COMPLETE' }],
  events: [
    { id: '1', at: '2026-11-30T12:00:00Z', logicalId: 'Role', type: 'AWS::IAM::Role', status: 'CREATE_COMPLETE' },
  ],
};

interface Told {
  /** Hears as whose role somebody was given keys. */
  readonly entered?: (object: RouteObject, user: AssertedUser) => void;
  /** To whom a stack is not there to be looked at. */
  readonly refuses?: (user: AssertedUser) => boolean;
}

export const actionsWithoutAws = ({ entered = () => {}, refuses = () => false }: Told = {}): readonly Action[] => [
  templateAction,
  verifyAction,
  reapplyAction,
  defineAction({
    route: importableRoute,
    limits,
    run: async () => ({ value: { names: ['acme-import'], complete: true } }),
  }),
  defineAction({
    route: importCheckRoute,
    limits,
    run: async () => ({ value: { problems: [] } }),
  }),
  defineAction({
    route: linkRoute,
    limits,
    run: async (_, { account, owner }) => {
      const link = {
        hubAccountId: '999999999999',
        operatorName: 'operator',
        mode: 'Existing',
        pivotRoleName: 'dataallPivotRole',
      } as const;
      const named = account === undefined ? {} : { externalId: `${account}-${owner}` };
      return { value: { ...link, consentParameter: '/consent', ...named } };
    },
  }),
  defineAction({
    route: credentialsRoute,
    limits,
    run: async ({ object, user }) => {
      entered(object, user);
      return { value: { ...keys, roleArn: 'arn:aws:iam::111111111111:role/sales', region: 'eu-west-1' } };
    },
  }),
  defineAction({
    route: consoleRoute,
    limits,
    run: async () => ({
      value: {
        url: 'https://signin.aws.amazon.com/federation?SigninToken=x',
        validUntil: keys.expiration,
        expiration: keys.expiration,
        roleArn: 'arn:aws:iam::111111111111:role/sales',
      },
    }),
  }),
  defineAction({
    route: stackRoute,
    limits,
    run: async ({ user }) => {
      if (refuses(user)) throw new Problem('not-ready', 'Environment sales-prod is not linked yet.');
      return { value: stack };
    },
  }),
];
