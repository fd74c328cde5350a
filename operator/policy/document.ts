// The IAM policy language as data: what a policy document is made of.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html

/** A value that AWS accepts as one string or as a list of strings. */
export type OneOrMany = string | readonly string[];

/** `*`, or principals by type. AWS, Service, Federated and CanonicalUser are the types AWS knows. */
export type PrincipalElement =
  '*' | Readonly<Partial<Record<'AWS' | 'Service' | 'Federated' | 'CanonicalUser', OneOrMany>>>;

/** Condition operator -> context key -> accepted values. Booleans and numbers are accepted by AWS and read as strings. */
export type ConditionElement = Readonly<Record<string, Readonly<Record<string, OneOrMany | boolean | number>>>>;

/** One statement. Exactly one of Action/NotAction; in identity policies exactly one of Resource/NotResource. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Condition?: ConditionElement;
}

/** A policy document. Statement order carries no meaning to AWS. */
export interface PolicyDocument {
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
  readonly Statement: readonly Statement[];
}
