// The operator itself: it may write RBAC and namespaces, which RBAC cannot narrow to those it made. This policy does.

import { labels, MANAGED_BY } from '../../annotations.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { AUTHOR } from '../expressions.ts';
import { operatorUsername, type Installation } from '../installation.ts';

const isMarked = (object: 'object' | 'oldObject', label: string, value: string): string =>
  `(${object} == null || ${object}.metadata.?labels[?'${label}'].orValue('') == ${value})`;

const confined = (installation: Installation) => ({
  name: 'the-operator',
  expression: `${AUTHOR} == '${operatorUsername(installation)}'`,
});

const rbac = (installation: Installation) =>
  validatingPolicy({
    name: 'operator-rbac',
    description: 'The operator writes and deletes no RBAC objects but those it made.',
    requests: [
      {
        apiGroup: 'rbac.authorization.k8s.io',
        apiVersion: 'v1',
        resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
        operations: ['CREATE', 'UPDATE', 'DELETE'],
      },
    ],
    conditions: [confined(installation)],
    validations: [
      {
        expression: `${isMarked('object', labels.managedBy, `'${MANAGED_BY}'`)} && ${isMarked('oldObject', labels.managedBy, `'${MANAGED_BY}'`)} && (object == null ? oldObject : object).metadata.name.startsWith('dataall:')`,
        message: `the operator keeps to RBAC objects named dataall:* with label ${labels.managedBy}: ${MANAGED_BY}`,
      },
    ],
  });

const namespaces = (installation: Installation) =>
  validatingPolicy({
    name: 'operator-namespaces',
    description: 'The operator writes and deletes no namespaces but those of environments.',
    requests: [
      { apiGroup: '', apiVersion: 'v1', resources: ['namespaces'], operations: ['CREATE', 'UPDATE', 'DELETE'] },
    ],
    conditions: [confined(installation)],
    validations: [
      {
        // It may take its label away again when it leaves an adopted namespace.
        expression: `${isMarked('oldObject', labels.environment, 'oldObject.metadata.name')} && (oldObject != null || ${isMarked('object', labels.environment, 'object.metadata.name')})`,
        message: `the operator keeps to namespaces with label ${labels.environment}: a platform administrator sets it to let one be adopted`,
      },
    ],
  });

export const operatorPolicies = (installation: Installation): readonly AdmissionObject[] => [
  ...rbac(installation),
  ...namespaces(installation),
];
