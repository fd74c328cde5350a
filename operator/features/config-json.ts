// Reads config.json, as data.all's users write it: every key known, said once, and modules with all that they need.

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { describeIssues, nearest, settingsErrorMap } from '../kernel/process/settings-error.ts';
import { Features } from './features.ts';
import { BASE_LEVELS, keyDefinitions, keys, placesOf, type Key, type ValueOf } from './keys.ts';
import { isModuleName, moduleNames, needsOf, type ModuleName } from './modules.ts';

/** What data.all called a module in earlier versions. */
const FORMER_NAMES: Readonly<Record<string, ModuleName>> = { datasets: 's3_datasets' };

type Tree = Readonly<Record<string, unknown>>;
type Report = (place: string, message: string) => void;

/** A schema of nested objects that know these keys and no others. */
function objectOf(fields: ReadonlyMap<string, z.ZodType>): z.ZodType {
  const groups = Map.groupBy(fields, ([path]) => path.split('.')[0] ?? '');
  const shape = [...groups].map(([name, entries]): [string, z.ZodType] => {
    const deeper = entries.flatMap(([path, schema]): [string, z.ZodType][] =>
      path === name ? [] : [[path.slice(name.length + 1), schema]],
    );
    const own = entries.find(([path]) => path === name)?.[1];
    return [name, (deeper.length > 0 ? objectOf(new Map(deeper)) : (own ?? z.never())).optional()];
  });
  return z.strictObject(Object.fromEntries(shape));
}

const file = objectOf(
  new Map([
    ...[...moduleNames, ...Object.keys(FORMER_NAMES)].map((name): [string, z.ZodType] => [
      `modules.${name}.active`,
      z.boolean(),
    ]),
    // A module without any is given none.
    ...moduleNames.map((name): [string, z.ZodType] => [`modules.${name}.features`, z.strictObject({})]),
    ...keys.flatMap((name) => placesOf(name).map((place): [string, z.ZodType] => [place, keyDefinitions[name].schema])),
  ]),
);

const checked = file.transform((content, context): Features => {
  const tree = content as Tree;
  const report: Report = (place, message) =>
    context.addIssue({ code: 'custom', path: place.split('.'), message, input: content });
  const active = activeModules(tree, report);
  const values = new Map(keys.flatMap((name) => valueOf(tree, name, report)));
  const features = new Features(active, values);
  checkLevels(features, report);
  return features;
});

/** Throws an Error that names every key that is unknown (with the nearest known one), wrong, or said twice with different values. */
export function readConfigJson(input: unknown): Features {
  const result = checked.safeParse(input, { error: settingsErrorMap });
  if (result.success) return result.data;
  throw new Error(`config.json:\n${describeIssues(result.error)}`);
}

const at = (tree: Tree, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Tree | undefined)?.[name], tree);

function valueOf(tree: Tree, name: Key, report: Report): readonly [Key, unknown][] {
  const [first, ...others] = placesOf(name)
    .map((place) => ({ place, value: at(tree, place) }))
    .filter(({ value }) => value !== undefined);
  if (first === undefined) return [];
  const other = others.find(({ value }) => !isDeepStrictEqual(value, first.value));
  if (other !== undefined)
    report(
      other.place,
      `is ${JSON.stringify(other.value)}, and ${first.place}, which is the same, is ${JSON.stringify(first.value)}: say it once`,
    );
  return [[name, first.value]];
}

/** A module that is named is active unless it says otherwise; what an active one needs is active without being named. */
function activeModules(tree: Tree, report: Report): ReadonlySet<ModuleName> {
  const said = new Map<ModuleName, { readonly as: string; readonly active: boolean }>();
  for (const [as, entry] of Object.entries((tree['modules'] ?? {}) as Readonly<Record<string, Tree>>)) {
    const name = isModuleName(as) ? as : FORMER_NAMES[as];
    if (name === undefined) continue;
    const active = entry['active'] !== false;
    const before = said.get(name);
    if (before !== undefined && before.active !== active)
      report(`modules.${as}.active`, `is ${active}, and modules.${before.as}, which is the same, is not: say it once`);
    said.set(name, { as, active });
  }
  const active = new Set<ModuleName>();
  for (const [name, { active: isActive }] of said) {
    if (!isActive) continue;
    active.add(name);
    for (const need of needsOf(name)) {
      active.add(need);
      const entry = said.get(need);
      if (entry?.active === false)
        report(
          `modules.${entry.as}.active`,
          `is false, and ${name}, which is active, needs it: switch ${name} off too, or leave ${entry.as} to it`,
        );
    }
  }
  return active;
}

const LEVELS = 'modules.datasets_base.features.auto_approval_for_confidentiality_level' satisfies Key;
const MAPPING = 'modules.datasets_base.features.custom_confidentiality_mapping' satisfies Key;
const CHOICE = 'modules.datasets_base.features.confidentiality_dropdown' satisfies Key;

/** Levels that rules name are levels that there are. */
function checkLevels(features: Features, report: Report): void {
  const mapping: ValueOf<typeof MAPPING> = features.get(MAPPING) ?? {};
  const known = [...BASE_LEVELS, ...Object.keys(mapping)];
  for (const level of Object.keys(features.get(LEVELS) ?? {}))
    if (!known.includes(level)) report(LEVELS, `no level ${level}${nearest(level, known)}`);
  // Datasets and rules of before say these words, and mean by them what they say.
  for (const [word, base] of Object.entries(mapping)) {
    const said = BASE_LEVELS.find((level) => level.toLowerCase() === word.toLowerCase());
    if (said !== undefined && said !== base)
      report(MAPPING, `${word} is mapped to ${base}, and is data.all's own word for ${said}: map another word`);
  }
  const own = Object.values(mapping);
  if (!features.isOn(CHOICE) && own.length > 0 && own.every((base) => base === 'Unclassified'))
    report(MAPPING, 'has no level for Official or Secret, which are the only ones without confidentiality_dropdown');
}
