// The CustomResourceDefinition of a kind.

import type { KindDefinition } from '../kind.ts';
import { defects, structuralSchema, withoutRules } from './structural.ts';

/**
 * @returns an apiextensions.k8s.io/v1 CustomResourceDefinition
 * @throws if a schema breaks our rules, naming every field and what to do
 */
export function customResourceDefinition(definition: KindDefinition) {
  const { group, version, kind, plural, singular, shortNames, categories, scope, description, rules, columns } =
    definition;
  const spec = structuralSchema(definition.spec);
  const status = withoutRules(structuralSchema(definition.status));
  const found = [...defects(spec, '.spec'), ...defects(status, '.status')];
  if (found.length > 0) throw new Error(`${kind} cannot become a CRD:\n  ${found.join('\n  ')}`);

  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, listKind: `${kind}List`, plural, singular, shortNames, categories },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: {
            openAPIV3Schema: {
              description,
              type: 'object',
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string', description: `${group}/${version}` },
                kind: { type: 'string', description: kind },
                metadata: {
                  type: 'object',
                  properties: { name: { type: 'string', maxLength: definition.maxNameLength } },
                },
                spec: { description: 'What is wanted.', ...spec },
                // Without the default, kstatus (Flux, Argo CD) takes an object nobody has looked at for one that is done.
                status: {
                  description: 'What is. Written by the operator only.',
                  ...status,
                  default: { observedGeneration: -1 },
                },
              },
              ...(rules.length > 0 && { 'x-kubernetes-validations': rules }),
            },
          },
        },
      ],
    },
  };
}
