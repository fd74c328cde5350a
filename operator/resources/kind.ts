// What the definition of a kind consists of, and the shape of its objects. Everything else about a kind is derived from this.

import type { z } from 'zod';

export const group = 'dataall.io';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}`;

/** A validation in the API server's expression language, evaluated on the object alone. */
export interface CelRule {
  /** True when the object is fine. `oldSelf` makes it a transition rule, evaluated on updates only. */
  readonly rule: string;
  /** What the author reads when it is false: what is wrong and what to do. */
  readonly message: string;
  /** The field the message is about, relative to where the rule stands, e.g. `.owner`. */
  readonly fieldPath?: string;
}

/** A column of `kubectl get`. Priority 1 is shown by `-o wide` only. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  readonly priority?: 0 | 1;
}

/** The only definition of a kind: schemas (TypeScript types, CRD, validation) and how it is named and shown. */
export interface KindDefinition<T = unknown> {
  readonly group: typeof group;
  readonly version: typeof version;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  /** One or two sentences for `kubectl explain`. */
  readonly description: string;
  /** Names of objects: most are DNS labels (63 characters), because namespaces, references and AWS names are made of them. */
  readonly maxNameLength: number;
  readonly spec: z.ZodObject;
  readonly status: z.ZodObject;
  /** Rules over the whole object (`self.metadata.name`, `self.spec`). */
  readonly rules: readonly CelRule[];
  readonly columns: readonly PrinterColumn[];
  /** Carried for inference only: a store asked for `environmentKind` knows that it holds `Environment`s. */
  readonly objectType?: T;
}

/** Metadata of an object that came from the API server. */
export interface ObjectMeta {
  name: string;
  uid: string;
  resourceVersion: string;
  /** Counts changes of spec, from 1. */
  generation: number;
  /** RFC 3339, seconds. */
  creationTimestamp: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Metadata of an object in a namespace. */
export interface NamespacedMeta extends ObjectMeta {
  namespace: string;
}

/** An object of one of our kinds as the API server gives it: defaults are filled in, `status` is always there. */
export interface Resource<Spec = unknown, Status = unknown, Meta extends ObjectMeta = ObjectMeta, Name = string> {
  apiVersion: string;
  kind: Name;
  metadata: Meta;
  spec: Spec;
  status: Status;
}

/** What a person or a program writes: no status, and defaulted fields may be left out. */
export interface Manifest<Kind extends Pick<KindDefinition, 'spec'>> {
  apiVersion: typeof apiVersion;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: z.input<Kind['spec']>;
}
