// Linking an account: verb `link` on the organization, and a name whose namespace is not somebody else's.

import { verbs } from '../../annotations.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { byPeople, may } from '../expressions.ts';
import { POLICY_SETTINGS, type Installation } from '../installation.ts';

export function environmentPolicies(installation: Installation): readonly AdmissionObject[] {
  return validatingPolicy({
    name: 'link',
    description: 'An account is linked by who holds verb link on the organization, under a name that is not reserved.',
    requests: [{ resources: ['environments'], operations: ['CREATE'] }],
    conditions: [byPeople(installation)],
    parameter: {
      kind: { apiVersion: 'v1', kind: 'ConfigMap' },
      namespace: installation.namespace,
      name: POLICY_SETTINGS,
      missing: 'Deny',
    },
    variables: { name: 'object.metadata.name' },
    validations: [
      {
        expression: may(verbs.link, { resource: 'organizations', name: 'object.spec.organization' }),
        messageExpression: `'linking an account to organization ' + object.spec.organization + ' needs verb link on it: ask its owner to invite your group with LINK_ENVIRONMENT'`,
      },
      {
        expression: `!(variables.name in ['default', '${installation.namespace}']) && !variables.name.startsWith('kube-') && !(variables.name in params.data.reservedNames.split('\\n'))`,
        messageExpression: `'the name ' + variables.name + ' is reserved: an environment has a namespace of its own name, so choose another metadata.name'`,
      },
    ],
  });
}
