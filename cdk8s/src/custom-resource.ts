// CustomResource: an object of one of our kinds, which is checked when the app is synthesised.
import { ApiObject, type ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';
import { problemsOf } from './check.ts';
import type { KindSchema } from './schema.ts';

export interface ClusterMetadata extends ApiObjectMetadata {
  /** Others refer to it by name, so nobody invents one. */
  readonly name: string;
}

export interface NamespacedMetadata extends ClusterMetadata {
  readonly namespace: string;
}

export interface CustomResourceProps<Spec, Metadata> {
  readonly metadata: Metadata;
  readonly spec: Spec;
}

/** Synthesis fails with what the API server would answer, of all objects at once. */
export class CustomResource extends ApiObject {
  protected constructor(
    scope: Construct,
    id: string,
    schema: KindSchema,
    { metadata, spec }: CustomResourceProps<object, ClusterMetadata>,
  ) {
    const { apiVersion, kind } = schema;
    super(scope, id, { apiVersion, kind, metadata, spec });
    this.node.addValidation({
      validate: () =>
        problemsOf(schema, this.toJson() as object).map((problem) => `${kind} ${metadata.name}: ${problem}`),
    });
  }
}
