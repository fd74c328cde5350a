// Makes CloudFormation templates with the CDK. Loaded by the synthesis process only: the CDK is large and blocks its process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, LegacyStackSynthesizer, Stack, type IStackSynthesizer } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { addDatasetResources } from './dataset-stack.ts';
import { addEnvironmentResources } from './environment-stack.ts';
import { addExecutionPolicyTemplate } from './execution-policy-stack.ts';
import { addPivotRoleTemplate } from './pivot-role-stack.ts';
import type { StackExtension } from '../stack-extension.ts';
import type { StackKind, StackPropsByKind } from '../stack-props.ts';
import { addTeamResources } from './team-stack.ts';

type Template = Readonly<Record<string, unknown>>;

/** The template of one stack. Throws what the CDK finds wrong. */
export const makeTemplate = <Kind extends StackKind>(
  kind: Kind,
  props: StackPropsByKind[Kind],
  extensions: readonly StackExtension[],
): Template => synthesize((stack) => fill(stack, { kind, props } as AnyStack, extensions));

type AnyStack = { [Kind in StackKind]: { readonly kind: Kind; readonly props: StackPropsByKind[Kind] } }[StackKind];

const fill = (stack: Stack, { kind, props }: AnyStack, extensions: readonly StackExtension[]): void => {
  switch (kind) {
    case 'environment':
      addEnvironmentResources(stack, props);
      for (const extension of extensions) extension.environment?.(stack, props);
      return bound(stack, props);
    case 'team':
      addTeamResources(stack, props);
      for (const extension of extensions) extension.team?.(stack, props);
      return bound(stack, props);
    case 'dataset':
      addDatasetResources(stack, props);
      for (const extension of extensions) extension.dataset?.(stack, props);
      return bound(stack, props);
    case 'pivot-role':
      return addPivotRoleTemplate(stack);
    case 'execution-policy':
      addExecutionPolicyTemplate(stack);
  }
};

/** An aspect, so that roles of extensions are bounded too. */
const bound = (
  stack: Stack,
  { permissionsBoundaryArn }: { readonly permissionsBoundaryArn?: string | undefined },
): void => {
  if (permissionsBoundaryArn !== undefined)
    PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', permissionsBoundaryArn));
};

const synthesize = (build: (stack: Stack) => void): Template => {
  const outdir = mkdtempSync(join(tmpdir(), 'dataall-synthesis-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    // No assets, so nothing of the bootstrap's staging is needed. The account and region stay open: names carry them.
    const stack = new Stack(app, 'Stack', { synthesizer: new LegacyStackSynthesizer() as IStackSynthesizer });
    build(stack);
    return app.synth().getStackByName('Stack').template as Template;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};
