// Of Cloudscape's own English strings, those of components that no page of ours shows are left out: they would come with the first page.

import type { Plugin } from 'vite';

const MESSAGES = '/components/i18n/messages/all.en.js';
/** By the names of their strings; used-messages.test.ts holds them against the pages. */
export const UNUSED: readonly string[] = [
  'annotation-context',
  'area-chart',
  'calendar',
  'code-editor',
  'date-picker',
  'date-range-picker',
  'file-dropzone',
  'file-token-group',
  'file-upload',
  'line-chart',
  'bar-chart',
  'mixed-line-bar-chart',
  'pie-chart',
  'prompt-input',
  's3-resource-selector',
  'slider',
  'tag-editor',
  'time-input',
  'tree-view',
  'tutorial-panel',
  'wizard',
];

export const usedMessages = (): Plugin => ({
  name: 'used-messages',
  apply: 'build',
  async load(id) {
    if (!id.endsWith(MESSAGES)) return undefined;
    const { default: messages } = (await import(id)) as { readonly default: Readonly<Record<string, Languages>> };
    return `export default ${JSON.stringify(withoutUnused(messages))}`;
  },
});

/** By language, then by component. */
type Languages = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const withoutUnused = (messages: Readonly<Record<string, Languages>>): object =>
  mapped(messages, (languages) =>
    mapped(languages, (components) =>
      Object.fromEntries(Object.entries(components).filter(([component]) => !UNUSED.includes(component))),
    ),
  );

const mapped = <From, To>(values: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
