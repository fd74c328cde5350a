// docs/configuration.md: every module and every key of config.json, with its default and what it switches.

import { keyDefinitions, keys, placesOf, type Key } from '../../features/keys.ts';
import { moduleDefinitions, moduleNames } from '../../features/modules.ts';
import { shippedFeatures } from '../../features/shipped.ts';

const INTRODUCTION = `<!-- Made from operator/features by \`npm run generate\`. Do not edit. -->
# Modules and features: config.json

[config.json](../config.json) at the top level of the repository says which modules and features an installation has, in the words of data.all: a
file made for data.all 2.x loads as it is. Operator and gateway read it when they start:

    node_modules/.bin/node operator/main.ts --config-json config.json
    node_modules/.bin/node api/main.ts all --config-json config.json

Without the flag it is the repository's own, which \`npm start\` uses too. **Give both the same file**, in a cluster one ConfigMap mounted into both (a gateway whose
operator has another one says so in its log). What admission enforces of it is in the ConfigMap \`dataall-policy-settings\`: after a change apply \`print-manifests.ts\` with the same
file ([operations.md](operations.md#configuration)), or the operator grants nothing and says \`PoliciesMissing\`.

- **Unknown keys** and wrong values keep both from starting; the message names the place, and the nearest key that there is.
- **A module** that is named is active unless \`"active": false\`; one that is not named is not active. What an active module needs is active without
  being named. To switch off what an active module needs is refused, with both names.
- **A key that is left out** has the default below. (In data.all 2.9 a feature that is left out of its module is off.)
- Keys of datasets may stand under \`datasets_base\`, \`s3_datasets\` or \`datasets\`, as in the versions of data.all and its guide. Said twice, they
  say the same, or nothing starts.
- **One place for each fact**: what is said here is not said in the operator's or the gateway's YAML.

## What switching off does
An operation of GraphQL that is off stays in the schema and answers \`Disabled by config <key>\`, with \`extensions.code\` \`DisabledByConfig\`. The API
server refuses in the same words, so kubectl and Git are not another way. **What is there stays**: no object is deleted and no access is taken back by a
switch, grants are kept as they are, and whatever was given can be taken back (delete it, reject it, or take an item out). Nothing new is made of it.
[Why](decisions/0019-one-config-json.md).

A program that is signed in reads the whole of it, defaults included, at \`GET /config.json\` of the gateway.
`;

const FOOT = `
## Fields that are texts
A page shows \`custom_env_linking_text\` where an account is linked. \`custom_maintenance_text\` is what the gateway says during maintenance for which the
Tenant has no \`spec.maintenance.message\`.
`;

const code = (text: string): string => `\`${text}\``;

const moduleRow = (name: (typeof moduleNames)[number]): string => {
  const { needs, isHere, about }: { needs: readonly string[]; isHere: boolean; about: string } =
    moduleDefinitions[name];
  const active = shippedFeatures().isActive(name) ? 'active' : 'off';
  const what = `${about}${isHere ? '' : '. Not in this version'}`;
  return `| ${code(name)} | ${active} | ${needs.map(code).join(', ')} | ${what} |`;
};

const keyRow = (name: Key): string => {
  const { fallback, about } = keyDefinitions[name];
  // Those of datasets are told of above.
  const others = placesOf(name).filter((place) => place !== name && !/^modules\.\w*datasets/.test(place));
  const other = others.length === 0 ? '' : `. Also as ${others.map(code).join(', ')}`;
  return `| ${code(name)} | ${fallback === undefined ? 'none' : code(JSON.stringify(fallback))} | ${about}${other} |`;
};

/** Equal input gives equal text. */
export const configurationPage = (): string =>
  [
    INTRODUCTION,
    '## Modules',
    'As in the file of this repository.\n',
    '| module | | needs | |\n|---|---|---|---|',
    ...moduleNames.map(moduleRow),
    '\n## Keys',
    '| key | default | |\n|---|---|---|',
    ...keys.map(keyRow),
    FOOT,
  ].join('\n');
