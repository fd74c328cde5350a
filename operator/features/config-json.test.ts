// config.json: what data.all's users write loads as it is, and what is mistyped or contradicts itself is named.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseLevel, confidentialityLevels, mayApproveItself } from './confidentiality.ts';
import { readConfigJson } from './config-json.ts';
import { keyDefinitions, keys } from './keys.ts';
import { moduleDefinitions, moduleNames, type ModuleName } from './modules.ts';
import { SHIPPED_CONFIG_JSON, shippedFeatures } from './shipped.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const guideExample = read(join(import.meta.dirname, 'testing', 'guide-example.json'));
const activeIn = (input: unknown): readonly ModuleName[] => {
  const features = readConfigJson(input);
  return moduleNames.filter((name) => features.isActive(name)).toSorted();
};
const base = (features: object) => ({ modules: { datasets_base: { features } } });

describe('the config.json of this repository', () => {
  it('says every module that others do not bring along, and every key that has a value when nothing is said, with that value', () => {
    const said = read(SHIPPED_CONFIG_JSON) as { modules: Record<string, unknown> };
    const brought = ['catalog', 'feed', 'vote', 'notifications'];
    expect(Object.keys(said.modules).toSorted()).toEqual(
      moduleNames.filter((name) => !brought.includes(name)).toSorted(),
    );
    const valueAt = (path: string): unknown =>
      path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], said);
    expect(Object.fromEntries(keys.map((key) => [key, valueAt(key)]))).toEqual(
      Object.fromEntries(keys.map((key) => [key, keyDefinitions[key].fallback])),
    );
  });

  it('has all modules active that data.all has by default', () => {
    expect(moduleNames.filter((name) => !shippedFeatures().isActive(name))).toEqual(['datapipelines', 'omics']);
  });
});

describe("the example of data.all's guide", () => {
  it('loads as it is, with the modules that its modules need', () => {
    expect(activeIn(guideExample)).toEqual(
      [
        'catalog',
        'dashboards',
        'datapipelines',
        'datasets_base',
        'feed',
        'maintenance',
        'mlstudio',
        'notebooks',
        'notifications',
        's3_datasets',
        's3_datasets_shares',
        'shares_base',
        'vote',
        'worksheets',
      ].toSorted(),
    );
  });

  it.each([
    ['custom_confidentiality_mapping', { Public: 'Unclassified', Private: 'Official' }, 's3_datasets'],
    ['custom_confidentiality_mapping', { Public: 'Unclassified', Private: 'Official' }, 'datasets_base'],
    ['custom_confidentiality_mapping', { Public: 'Unclassified', Private: 'Official' }, 'datasets'],
    ['topics_dropdown', false, 's3_datasets'],
    ['topics_dropdown', false, 'datasets'],
  ] as const)('may have %s (%j) under %s', (name, value, module) => {
    const features = readConfigJson({ modules: { [module]: { features: { [name]: value } } } });
    expect(features.get(`modules.datasets_base.features.${name}`)).toEqual(value);
  });

  it.each(['shared_dashboard_sessions', 'shared_dashboards_sessions'])('may spell %s so', (name) => {
    const features = readConfigJson({ modules: { dashboards: { active: true, features: { [name]: 'reader' } } } });
    expect(features.get('modules.dashboards.features.shared_dashboards_sessions')).toBe('reader');
  });

  it('may call s3_datasets by the name it had first', () => {
    const features = readConfigJson({ modules: { datasets: { active: true, features: { aws_actions: false } } } });
    expect(features.isActive('s3_datasets')).toBe(true);
    expect(features.isOn('modules.s3_datasets.features.aws_actions')).toBe(false);
  });
});

describe('a module', () => {
  it('is active with all that it needs, undeclared, and nothing else is', () => {
    expect(activeIn({ modules: { dashboards: { active: true } } })).toEqual(['catalog', 'dashboards', 'feed', 'vote']);
    expect(activeIn({ modules: { dashboards: { active: false } } })).toEqual([]);
    expect(activeIn({})).toEqual([]);
  });

  it('needs modules that there are', () => {
    for (const { needs } of Object.values(moduleDefinitions))
      for (const need of needs) expect(moduleNames).toContain(need);
  });
});

describe('what is refused', () => {
  it.each<[string, unknown, string]>([
    [
      'a mistyped module',
      { modules: { s3_dataset: {} } },
      'modules: unknown key s3_dataset, did you mean s3_datasets?',
    ],
    [
      'a mistyped feature',
      { modules: { s3_datasets: { features: { file_upload: true } } } },
      'modules.s3_datasets.features: unknown key file_upload, did you mean file_uploads?',
    ],
    ['a mistyped section', { module: {} }, 'unknown key module, did you mean modules?'],
    ['a mistyped core feature', { core: { features: { env_aws_action: true } } }, 'did you mean env_aws_actions?'],
    [
      'a word for a flag',
      { core: { features: { env_aws_actions: 'yes' } } },
      'core.features.env_aws_actions: Invalid input: expected boolean',
    ],
    [
      'a log that nobody of data.all knows',
      { modules: { shares_base: { features: { show_share_logs: 'admins' } } } },
      'expected one of "enabled"|"admin-only"|"disabled"',
    ],
    [
      'a level that means none of the three',
      base({ custom_confidentiality_mapping: { Public: 'Open' } }),
      'modules.datasets_base.features.custom_confidentiality_mapping.Public: Invalid option: expected one of "Unclassified"',
    ],
    ['a mapping of nothing', base({ custom_confidentiality_mapping: {} }), 'names at least one level'],
    [
      'a level that no Dataset could say',
      base({ custom_confidentiality_mapping: { 'a\nb': 'Secret' } }),
      'a level is letters, digits, spaces',
    ],
    [
      'auto-approval for a level that there is not',
      base({ auto_approval_for_confidentiality_level: { Offical: true } }),
      'no level Offical, did you mean Official?',
    ],
    [
      'no level left where none is chosen',
      base({ confidentiality_dropdown: false, custom_confidentiality_mapping: { Open: 'Unclassified' } }),
      'has no level for Official or Secret',
    ],
    [
      'a module that is off and needed',
      { modules: { s3_datasets: { active: true }, s3_datasets_shares: { active: false } } },
      'modules.s3_datasets_shares.active: is false, and s3_datasets, which is active, needs it: switch s3_datasets off too',
    ],
    [
      'one key said twice, with both places',
      {
        modules: {
          datasets_base: { features: { topics_dropdown: true } },
          s3_datasets: { features: { topics_dropdown: false } },
        },
      },
      'modules.s3_datasets.features.topics_dropdown: is false, and modules.datasets_base.features.topics_dropdown, which is the same, is true',
    ],
    [
      'a level of data.all that is to mean less',
      base({ custom_confidentiality_mapping: { Secret: 'Unclassified', Top: 'Secret' } }),
      "custom_confidentiality_mapping: Secret is mapped to Unclassified, and is data.all's own word for Secret: map another word",
    ],
    [
      'a level of data.all that is to mean more, by which a rule about it would be about what is secret',
      base({
        custom_confidentiality_mapping: { official: 'Secret' },
        auto_approval_for_confidentiality_level: { official: true },
      }),
      "official is mapped to Secret, and is data.all's own word for Official",
    ],
    [
      'one module said twice',
      { modules: { datasets: { active: true }, s3_datasets: { active: false } } },
      'modules.datasets.active: is true, and modules.s3_datasets, which is the same, is not: say it once',
    ],
  ])('is %s', (_, input, message) => {
    expect(() => readConfigJson(input)).toThrow(message);
  });
});

describe('confidentiality', () => {
  const mapped = { Public: 'Unclassified', Private: 'Official', Confidential: 'Secret', Top: 'Secret' };
  const levels = (features: object) => readConfigJson(base(features));

  it("is data.all's three levels, or the words of the installation and nothing else", () => {
    expect(confidentialityLevels(levels({}))).toEqual(['Unclassified', 'Official', 'Secret']);
    expect(confidentialityLevels(levels({ custom_confidentiality_mapping: mapped }))).toEqual(Object.keys(mapped));
  });

  it('of a word means what it is mapped to, and of an unknown word the most secret', () => {
    const features = levels({ custom_confidentiality_mapping: mapped });
    expect(['Public', 'Private', 'Top', 'Unclassified'].map((level) => baseLevel(features, level))).toEqual([
      'Unclassified',
      'Official',
      'Secret',
      'Secret',
    ]);
  });

  it('is never Unclassified where nobody chooses it', () => {
    const features = levels({ confidentiality_dropdown: false });
    expect(confidentialityLevels(features)).toEqual(['Official', 'Secret']);
    expect(['Unclassified', 'Official', 'Secret'].map((level) => baseLevel(features, level))).toEqual([
      'Official',
      'Official',
      'Secret',
    ]);
  });

  it('lets a dataset approve by itself where its word may, or else where what it means may', () => {
    const features = levels({
      custom_confidentiality_mapping: mapped,
      auto_approval_for_confidentiality_level: { Unclassified: true, Secret: true, Top: false },
    });
    const may = (level: string) => mayApproveItself(features, level);
    expect(['Public', 'Confidential'].every(may)).toBe(true);
    // Not named; taken out by its own word; not of this installation.
    expect(['Private', 'Top', 'Unclassified'].some(may)).toBe(false);
  });

  it('does not take a level for allowed by its name', () => {
    const features = levels({
      custom_confidentiality_mapping: { constructor: 'Secret' },
      auto_approval_for_confidentiality_level: { Official: true },
    });
    expect(mayApproveItself(features, 'constructor')).toBe(false);
  });

  it('judges what nobody chose as Official when it approves by itself', () => {
    const auto = { Unclassified: true, Official: false, Secret: false };
    const features = levels({ confidentiality_dropdown: false, auto_approval_for_confidentiality_level: auto });
    expect(mayApproveItself(features, 'Unclassified')).toBe(false);
  });
});
