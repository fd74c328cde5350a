// docs/conditions.md: every condition of every kind with its reasons, and what each reason asks of people.

import { conditions, itemStatusReasons, type ItemStatusReason } from '../conditions.ts';
import { itemWaits } from '../item-waits.ts';
import { reasons, type ReasonName } from '../reasons.ts';

interface Meaning {
  readonly meaning: string;
  readonly reasons: readonly ReasonName[];
}

const introduction = `# Conditions and reasons

<!-- Made from operator/resources by \`npm run generate\`. Do not edit. -->

Every object of ours shows \`Ready\`, and, while they are true, \`Reconciling\` (work goes on) or \`Stalled\` (nothing more happens until
somebody changes something). \`kubectl wait --for=condition=Ready\`, Flux and Argo CD read these. \`kubectl describe\` shows the
message, which has the particulars; this page says what each reason means and what to do. \`Stalled\` gives the reason of \`Ready\` where
that lasts until somebody changes something; \`Reconciling\` is Progressing, ProgressingWithRetry or Deleting.
`;

/** The same for every kind, and told in the introduction. */
const COMMON: readonly string[] = ['Reconciling', 'Stalled'];

/** Equal input gives equal text. */
export function conditionsPage(): string {
  const parts = [
    introduction,
    '## By kind',
    ...Object.entries(conditions).map(kindPart),
    itemPart(),
    '## Reasons',
    reasonTable(),
  ];
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`;
}

function kindPart([kind, types]: [string, Readonly<Record<string, Meaning>>]): string {
  const rows = Object.entries(types)
    .filter(([type]) => !COMMON.includes(type))
    .map(([type, { meaning, reasons: names }]) => `| \`${type}\` | ${meaning} | ${names.map(link).join(', ')} |`);
  return [`### ${kind}\n`, '| Condition | What it says | Reasons |', '|---|---|---|', ...rows].join('\n');
}

function itemPart(): string {
  const title =
    '### Items of a ShareRequest\n\n`status.items[].reason` says what is wrong with one item, or what it waits for:';
  return `${title}\n${itemStatusReasons.map(link).join(', ')}`;
}

function reasonTable(): string {
  const all: Readonly<Record<string, { meaning: string; terminal?: true }>> = { ...reasons, ...itemWaits };
  const sorted = Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rows = sorted.map(([name, reason]) => {
    const until = reason.terminal === true ? 'somebody changes something' : 'it passes';
    return `| <a id="${anchor(name)}"></a>\`${name}\` | ${cell(reason.meaning)} | ${until} |`;
  });
  return ['| Reason | What it means and what to do | Lasts until |', '|---|---|---|', ...rows].join('\n');
}

const link = (name: ReasonName | ItemStatusReason): string => `[${name}](#${anchor(name)})`;

const anchor = (name: string): string => name.toLowerCase();

/** `|` would end the cell, and `<name>` would be taken for a tag. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/<([^<>]+)>/g, '`<$1>`');
