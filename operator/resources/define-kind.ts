// Completes the definition of a kind with what all our kinds share, and derives the type of its objects.

import type { z } from 'zod';
import { group, version } from './kind.ts';
import type { CelRule, KindDefinition, NamespacedMeta, ObjectMeta, PrinterColumn, Resource } from './kind.ts';

type Scope = KindDefinition['scope'];

/** What is particular to a kind. */
interface KindSource<Name extends string, In extends Scope, Spec extends z.ZodObject, Status extends z.ZodObject> {
  readonly kind: Name;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly scope: In;
  readonly description: string;
  /** Default 63: a DNS label. */
  readonly maxNameLength?: number;
  readonly spec: Spec;
  readonly status: Status;
  readonly rules?: readonly CelRule[];
  readonly columns: readonly PrinterColumn[];
}

type ResourceOf<Source> =
  Source extends KindSource<infer Name, infer In, infer Spec, infer Status>
    ? Resource<z.output<Spec>, z.output<Status>, In extends 'Namespaced' ? NamespacedMeta : ObjectMeta, Name>
    : never;

/** Defines a kind of group dataall.io, version v1alpha1. Columns Ready, Status, Message and Age follow those given. */
export function defineKind<
  const Name extends string,
  const In extends Scope,
  Spec extends z.ZodObject,
  Status extends z.ZodObject,
>(
  source: KindSource<Name, In, Spec, Status>,
): KindDefinition<ResourceOf<KindSource<Name, In, Spec, Status>>> & Pick<typeof source, 'kind' | 'spec' | 'status'> {
  return {
    group,
    version,
    singular: source.kind.toLowerCase(),
    categories: ['dataall'],
    maxNameLength: 63,
    rules: [],
    ...source,
    columns: [...source.columns, ...closingColumns],
  };
}

/** The type of a kind's objects: `type Dataset = ObjectOf<typeof datasetKind>`. */
export type ObjectOf<Kind extends KindDefinition> = NonNullable<Kind['objectType']>;

const ready = (field: string): string => `.status.conditions[?(@.type=="Ready")].${field}`;

const closingColumns: readonly PrinterColumn[] = [
  { name: 'Ready', type: 'string', jsonPath: ready('status'), description: 'True when AWS is as the spec says.' },
  { name: 'Status', type: 'string', jsonPath: ready('reason'), description: 'Why, in one word.' },
  { name: 'Message', type: 'string', jsonPath: ready('message'), description: 'Why, and what to do.', priority: 1 },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since creation.' },
];
