// docs/cli.md, from the definitions of the commands.

import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { EXIT_CODES } from './exit-codes.ts';

const INTRODUCTION = `# The command line

<!-- Made from operator/cli by \`npm run generate\`. Do not edit. -->

\`dataall\` answers from the objects in the cluster, as the person whose kubeconfig it is: it sees and does what RBAC and the admission
policies let them, and names what is hidden from them. It needs nothing but the kubeconfig; \`audit\` alone asks the gateway, whose database has what
was, and \`import\` a running data.all ([migration.md](migration.md)).

    npm ci && npm link                       # once: dataall and kubectl-dataall on the PATH, with Node 20 or newer
    dataall explain dsr/orders-for-analysts -n marketing-prod
    dataall who-can read sales-prod/orders/orders.email
    kubectl dataall explain dataset/sales-prod/orders -o json
    source <(dataall complete bash)          # also zsh, fish and powershell

Every command takes \`-o json\` and then writes one object a line to standard output; what goes wrong is one sentence on standard error.
Fields are added to that JSON, and none is taken away or given another meaning within a version of the API group.
`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function options(command: CommandUnknownOpts): readonly string[] {
  const listed = command
    .createHelp()
    .visibleOptions(command as never)
    .filter(({ long }) => long !== '--help');
  if (listed.length === 0) return [];
  return [
    '',
    '| option | |',
    '|---|---|',
    ...listed.map((option) => `| \`${cell(option.flags).replaceAll('&lt;', '<')}\` | ${cell(description(option))} |`),
  ];
}

const description = (option: {
  readonly description: string;
  readonly argChoices?: string[] | undefined;
  readonly mandatory: boolean;
}): string =>
  [
    option.mandatory ? 'required' : '',
    option.description,
    option.argChoices === undefined ? '' : option.argChoices.join(' or '),
  ]
    .filter((part) => part !== '')
    .join(': ');

function section(command: CommandUnknownOpts): readonly string[] {
  const { registeredArguments: taken } = command;
  const usage = [command.name(), ...taken.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`))].join(
    ' ',
  );
  return [
    '',
    `### dataall ${command.name()}`,
    '',
    `    dataall ${usage}`,
    '',
    command.description(),
    ...taken.flatMap((one) => (one.description === '' ? [] : ['', `\`<${one.name()}>\`: ${cell(one.description)}`])),
    ...options(command),
  ];
}

export function referencePage(root: CommandUnknownOpts): string {
  const own = root.commands.filter((command) => command.name() !== 'complete');
  const codes = Object.values(EXIT_CODES).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  return [
    INTRODUCTION,
    '## Exit codes',
    '',
    '| code | |',
    '|---|---|',
    ...codes,
    '',
    '## Options of every command',
    ...options(root),
    '',
    '## Commands',
    ...own.flatMap(section),
    '',
  ].join('\n');
}
