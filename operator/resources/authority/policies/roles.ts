// IAM roles named in specs: of the environment's own account, and where we hand out their credentials, named by its owner.

import { annotations } from '../../annotations.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { byPeople, OWNS_ENVIRONMENT } from '../expressions.ts';
import type { Installation } from '../installation.ts';

/** The account of the environment whose namespace it is, as the operator wrote it there. */
const account = `namespaceObject.metadata.?annotations[?'${annotations.account}'].orValue('')`;

/** The fifth part of an ARN: arn:aws:iam::111111111111:role/x */
const accountOf = (arn: string): string => `${arn}.split(':')[4]`;

const foreign = `'an environment gives access to principals of its own account only: ' + (variables.account == '' ? 'namespace ' + request.namespace + ' is not (yet) that of an Environment, so wait until it is Ready' : 'name one of account ' + variables.account)`;

/** Whoever may use a dataset or team gets credentials of its role, so its name must not be a way to any role of the account. */
const imported = (installation: Installation) =>
  validatingPolicy({
    name: 'imported-role',
    description: 'The IAM role of a team or dataset is imported by the owner of the environment, from its account.',
    requests: [{ resources: ['teams', 'datasets'], operations: ['CREATE'] }],
    conditions: [
      byPeople(installation),
      {
        name: 'names-a-role',
        expression: 'has(object.spec.roleArn) || (has(object.spec.s3) && has(object.spec.s3.roleArn))',
      },
    ],
    variables: {
      account,
      arn: 'has(object.spec.roleArn) ? object.spec.roleArn : object.spec.s3.roleArn',
    },
    validations: [
      {
        expression: OWNS_ENVIRONMENT,
        messageExpression: `'roleArn lets people use that role, so only the owner of environment ' + request.namespace + ' may import one: leave it out, or ask one of its members'`,
      },
      { expression: `${accountOf('variables.arn')} == variables.account`, messageExpression: foreign },
    ],
  });

const principal = (installation: Installation) =>
  validatingPolicy({
    name: 'principal',
    description: 'A consumption role is a role or user of the account of its environment.',
    requests: [{ resources: ['consumptionroles'], operations: ['CREATE'] }],
    conditions: [byPeople(installation)],
    variables: { account },
    validations: [
      { expression: `${accountOf('object.spec.principalArn')} == variables.account`, messageExpression: foreign },
    ],
  });

export const rolePolicies = (installation: Installation): readonly AdmissionObject[] => [
  ...imported(installation),
  ...principal(installation),
];
