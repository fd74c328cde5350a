// Completes the definition of a kind with what all our kinds share, and derives its TypeScript types.

import type { z } from 'zod';
import { group, version } from './kind.ts';
import type { CelRule, KindDefinition, NamespacedMeta, ObjectMeta, PrinterColumn, Resource } from './kind.ts';

interface KindSource<
  Kind extends string,
  Scope extends 'Namespaced' | 'Cluster',
  Spec extends z.ZodObject,
  Status extends z.ZodObject,
> {
  readonly kind: Kind;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly scope: Scope;
  readonly description: string;
  readonly maxNameLength?: number;
  readonly spec: Spec;
  readonly status: Status;
  readonly rules?: readonly CelRule[];
  readonly columns: readonly PrinterColumn[];
}

type ObjectOf<Kind, Scope, Spec extends z.ZodObject, Status extends z.ZodObject> = Resource<
  z.output<Spec>,
  z.output<Status>,
  Scope extends 'Namespaced' ? NamespacedMeta : ObjectMeta,
  Kind
>;

/** Defines a kind of group dataall.io, version v1alpha1. Columns Ready, Status and Age follow those given. */
export function defineKind<
  const Kind extends string,
  const Scope extends 'Namespaced' | 'Cluster',
  Spec extends z.ZodObject,
  Status extends z.ZodObject,
>(source: KindSource<Kind, Scope, Spec, Status>) {
  return {
    group,
    version,
    singular: source.kind.toLowerCase(),
    categories: ['dataall'],
    maxNameLength: 63,
    rules: [],
    ...source,
    columns: [...source.columns, ...closingColumns],
  } as const satisfies KindDefinition as KindSource<Kind, Scope, Spec, Status> &
    KindDefinition<ObjectOf<Kind, Scope, Spec, Status>> & {
      readonly kind: Kind;
      readonly spec: Spec;
      readonly status: Status;
    };
}

const ready = (field: string): string => `.status.conditions[?(@.type=="Ready")].${field}`;

const closingColumns: readonly PrinterColumn[] = [
  { name: 'Ready', type: 'string', jsonPath: ready('status'), description: 'True when AWS is as the spec says.' },
  { name: 'Status', type: 'string', jsonPath: ready('reason'), description: 'Why, in one word.' },
  { name: 'Message', type: 'string', jsonPath: ready('message'), description: 'Why, and what to do.', priority: 1 },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since creation.' },
];
