// Templates of the pivot role and of CloudFormation's execution policy, as they are published.

import { readFileSync } from 'node:fs';
import { defineAction } from './action.ts';
import { templateRoute, templates } from './contract/template.ts';

const PUBLISHED = new URL('../stacks/published/', import.meta.url);

const texts = new Map<(typeof templates)[number], string>(
  templates.map((template) => [template, readFileSync(new URL(`${template}.json`, PUBLISHED), 'utf8')]),
);

export const templateAction = defineAction({
  route: templateRoute,
  limits: { milliseconds: 5_000, bytes: 1_000_000 },
  run: (_context, { template }) =>
    Promise.resolve({ value: { fileName: `${template}.json`, text: texts.get(template) ?? '' } }),
});
