// Templates on their own: get back, validate, summarise.
import type {
  GetTemplateInput,
  GetTemplateOutput,
  GetTemplateSummaryInput,
  GetTemplateSummaryOutput,
  ValidateTemplateInput,
  ValidateTemplateOutput,
} from '@aws-sdk/client-cloudformation';
import { operation, type AnyOperation } from '../../core/operation.ts';
import { stackNamed, stackNeed } from './stack.ts';
import { capabilitiesFor } from './target.ts';
import { templateBodyOf } from './template-source.ts';
import { parseTemplate, type Template } from './template.ts';

const GetTemplate = operation<GetTemplateInput, GetTemplateOutput>({
  access: 'read',
  needs: (input, call) => [stackNeed('GetTemplate', call, input.StackName)],
  handle: (input, call) => {
    const stack = stackNamed(call, input.StackName);
    const changeSet = [...stack.changeSets.values()].find(
      ({ id, name }) => id === input.ChangeSetName || name === input.ChangeSetName,
    );
    return { TemplateBody: (changeSet ?? stack).design.templateBody, StagesAvailable: ['Original', 'Processed'] };
  },
});

const ValidateTemplate = operation<ValidateTemplateInput, ValidateTemplateOutput>({
  access: 'read',
  needs: () => [{ action: 'cloudformation:ValidateTemplate', resource: '*' }],
  handle: async (input, call) => {
    const template = parseTemplate(await templateBodyOf(call, input));
    return {
      Description: template.Description,
      Parameters: Object.entries(template.Parameters).map(([ParameterKey, { Default, NoEcho, Description }]) => ({
        ParameterKey,
        DefaultValue: Default,
        NoEcho,
        Description,
      })),
      ...capabilities(template),
    };
  },
});

const GetTemplateSummary = operation<GetTemplateSummaryInput, GetTemplateSummaryOutput>({
  access: 'read',
  needs: (input, call) => [
    input.StackName === undefined
      ? { action: 'cloudformation:GetTemplateSummary', resource: '*' }
      : stackNeed('GetTemplateSummary', call, input.StackName),
  ],
  handle: async (input, call) => {
    const body =
      input.StackName === undefined
        ? await templateBodyOf(call, input)
        : stackNamed(call, input.StackName).design.templateBody;
    const template = parseTemplate(body);
    return {
      Description: template.Description,
      Metadata: template.Metadata === undefined ? undefined : JSON.stringify(template.Metadata),
      Version: '2010-09-09',
      ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))],
      ResourceIdentifierSummaries: [],
      DeclaredTransforms: [],
      Parameters: Object.entries(template.Parameters).map(([ParameterKey, definition]) => ({
        ParameterKey,
        DefaultValue: definition.Default,
        ParameterType: definition.Type,
        NoEcho: definition.NoEcho,
        Description: definition.Description,
        ParameterConstraints: { AllowedValues: [...(definition.AllowedValues ?? [])] },
      })),
      ...capabilities(template),
    };
  },
});

function capabilities(template: Template) {
  const { needed, types } = capabilitiesFor(template);
  return {
    Capabilities: [...needed],
    CapabilitiesReason:
      needed.length === 0 ? undefined : `The following resource(s) require capabilities: [${types.join(', ')}]`,
  };
}

export const templateOperations: Readonly<Record<string, AnyOperation>> = {
  GetTemplate,
  ValidateTemplate,
  GetTemplateSummary,
};
