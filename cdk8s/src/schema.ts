// What a construct knows of its kind: the part of a structural schema that ours use, as it stands in the CustomResourceDefinition.
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema

/** A rule in the API server's expression language, true when the value is fine. */
export interface Rule {
  readonly rule: string;
  /** What its author reads when it is false. */
  readonly message: string;
  /** Where, relative to the schema it stands at: `.owner`. */
  readonly fieldPath?: string;
}

export interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly enum?: readonly string[];
  readonly default?: unknown;
  /** In Unicode code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly rules?: readonly Rule[];
}

export interface KindSchema {
  readonly apiVersion: string;
  readonly kind: string;
  /** The whole object, without its status. */
  readonly object: Schema;
}
