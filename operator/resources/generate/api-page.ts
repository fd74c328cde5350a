// docs/api.md: every kind with all fields that people write, from the schemas that the API server has.

import type { KindDefinition } from '../kind.ts';
import { kinds } from '../kinds.ts';
import { structuralSchema, type StructuralSchema } from './structural.ts';

const introduction = `# The custom resources

<!-- Made from operator/resources by \`npm run generate\`. Do not edit. -->

Each kind of \`dataall.io/v1alpha1\` with the fields of its \`spec\`: what the API server takes, says and refuses with. \`kubectl explain dataset.spec\` says the same, and
\`status\` besides, whose conditions are [conditions.md](conditions.md). A field in **bold** has to be there. What may change is [release.md](release.md#what-may-change-in-v1alpha1).
`;

/** Equal input gives equal text. */
export const apiPage = (): string =>
  `${[introduction, ...kinds.map(kindPart)].map((part) => part.trim()).join('\n\n')}\n`;

function kindPart(kind: KindDefinition): string {
  const schema = structuralSchema(kind.spec);
  const place = kind.scope === 'Cluster' ? 'of the whole cluster' : 'in the namespace of an environment';
  return [
    `## ${kind.kind}`,
    '',
    `${kind.description} (\`${kind.plural}\`, \`${kind.shortNames.join('`, `')}\`; ${place})`,
    '',
    '| field | | |',
    '|---|---|---|',
    ...fieldRows(schema, ''),
    ...rulesPart(kind, schema),
  ].join('\n');
}

function fieldRows({ properties = {}, required = [] }: StructuralSchema, path: string): readonly string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const own = `${path}${name}`;
    const inner = field.items ?? field;
    const mark = required.includes(name) ? `**\`${own}\`**` : `\`${own}\``;
    const row = `| ${mark} | ${cell(typeText(field))} | ${cell(field.description ?? field.items?.description ?? '')} |`;
    return [row, ...fieldRows(inner, `${own}${field.items === undefined ? '' : '[]'}.`)];
  });
}

function typeText(field: StructuralSchema): string {
  const { type, items, additionalProperties, default: preset, minimum, maximum, maxLength, maxItems } = field;
  const of = field.enum?.join(', ');
  const range = minimum === undefined && maximum === undefined ? [] : [`${minimum ?? ''} to ${maximum ?? ''}`];
  const words =
    type === 'array'
      ? [`list${maxItems === undefined ? '' : `, at most ${maxItems}`}`, ...(items?.enum ? [`of ${items.enum.join(', ')}`] : [])]
      : [additionalProperties === undefined ? (of ?? type) : 'map', ...range, ...(maxLength === undefined || of !== undefined ? [] : [`at most ${maxLength} characters`])]; // prettier-ignore
  return [...words, ...(preset === undefined ? [] : [`default ${JSON.stringify(preset)}`])].join('; ');
}

/** What one object alone is refused for, each once: the sentences that its author reads. */
function rulesPart({ rules }: KindDefinition, schema: StructuralSchema): readonly string[] {
  const messages = [...new Set([...rules.map(({ message }) => message), ...messagesIn(schema)])];
  return messages.length === 0 ? [] : ['', 'Refused with:', '', ...messages.map((message) => `- ${cell(message)}`)];
}

const messagesIn = ({
  properties = {},
  items,
  'x-kubernetes-validations': own = [],
}: StructuralSchema): readonly string[] => [
  ...own.map(({ message }) => message),
  ...Object.values(properties).flatMap(messagesIn),
  ...(items === undefined ? [] : messagesIn(items)),
];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
