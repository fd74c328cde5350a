// What an update shall make of a stack, asked for directly or by a change set: what it does not mention stays.
import type { UpdateStackInput } from '@aws-sdk/client-cloudformation';
import type { Call } from '../../core/operation.ts';
import type { Stack } from './stack.ts';
import { prepareTarget, toTagMap, type Target } from './target.ts';
import { templateBodyOf, type TemplateSource } from './template-source.ts';
import { validationError } from './template.ts';

type UpdateInput = TemplateSource & Pick<UpdateStackInput, 'Parameters' | 'Tags' | 'Capabilities'>;

export async function prepareUpdate(call: Call, stack: Stack, input: UpdateInput): Promise<Target> {
  const target = await prepareTarget(call, stack, {
    templateBody: await templateBodyOf(call, input, stack),
    parameters: input.Parameters ?? [],
    previous: stack.design.parameters,
    tags: input.Tags === undefined ? stack.design.tags : toTagMap(input.Tags),
    capabilities: input.Capabilities ?? [],
  });
  refuseTypeChanges(stack, target);
  return target;
}

function refuseTypeChanges(stack: Stack, target: Target): void {
  const changed = Object.entries(target.template.Resources).filter(
    ([id, { Type }]) => (stack.resources.get(id)?.type ?? Type) !== Type,
  );
  if (changed.length > 0) {
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.map(([id]) => id).join(', ')}]`,
    );
  }
}
