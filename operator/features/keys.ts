// Every key of config.json beside `active` of modules: what it may be, what it is when nothing is said, and what it switches.

import { z } from 'zod';

/** Levels that rules are about; an installation may have words of its own for them. */
export const BASE_LEVELS = ['Unclassified', 'Official', 'Secret'] as const;
export type BaseLevel = (typeof BASE_LEVELS)[number];

/** Who sees log lines. */
const logs = z.enum(['enabled', 'admin-only', 'disabled']);

interface KeyDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** When nothing is said; undefined: nothing. */
  readonly fallback: z.output<Schema> | undefined;
  readonly about: string;
  /** Other places where data.all's users have it. */
  readonly alsoAt?: readonly string[];
}

const key = <Schema extends z.ZodType>(definition: KeyDefinition<Schema>): KeyDefinition<Schema> => definition;
const flag = (fallback: boolean, about: string) => key({ schema: z.boolean(), fallback, about });
const logKey = (about: string) => key({ schema: logs, fallback: 'enabled', about });
/** Of what is not there yet. */
const kept = (what: string): string => `${what}. Not in this version: kept for the one that has it`;

/** As a Dataset may say it: operator/resources/dataset.ts. */
const level = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9 _-]*$/, 'a level is letters, digits, spaces and _ -, at most 64');
const text = z.string().min(1).max(512);
const session = z.enum(['anonymous', 'reader', 'author']);

const ofEveryDataset = {
  confidentiality_dropdown: flag(
    true,
    'Whether people choose a level of confidentiality. Off: every dataset counts as Official or Secret, whatever it says, and a new one says no other',
  ),
  topics_dropdown: flag(true, 'Whether a Dataset has topics. Off: nobody gives it new ones'),
  custom_confidentiality_mapping: key({
    schema: z
      .record(level, z.enum(BASE_LEVELS))
      .refine((map) => Object.keys(map).length > 0, 'names at least one level'),
    fallback: undefined,
    about:
      'Levels of this installation, each with the one of data.all that it means (a word of data.all itself, if it is among them, what it says). A new Dataset says one of these; without it, one of Unclassified, Official, Secret',
  }),
  auto_approval_for_confidentiality_level: key({
    schema: z.record(z.string(), z.boolean()),
    fallback: { Unclassified: true, Official: true, Secret: true },
    about:
      "Levels, data.all's or of the mapping, whose Datasets may approve requests for reading by themselves. One that is not named may not",
  }),
  'share_expiration.active': flag(
    true,
    'Whether a Dataset may demand that its shares end, and people extend them. Off: no Dataset begins to; an end that was agreed on comes',
  ),
  'share_expiration.run_schedule': key({
    schema: z.array(z.int().min(1).max(28)).min(1).max(28),
    fallback: [1, 3, 7, 14, 21, 28],
    about:
      'In data.all the days, counted from the end of a month, on which it looks for shares that end. Here a share ends when its time comes, on any day',
  }),
  'share_notifications.email.active': flag(false, kept('E-mail about shares')),
  'share_notifications.email.persistent_reminders': flag(false, kept('E-mail again while a request waits')),
  'share_notifications.email.parameters.group_notifications': flag(true, kept('E-mail to all members of a group')),
};

const ofS3Datasets = {
  file_uploads: flag(true, kept('Uploads into a dataset')),
  file_actions: flag(true, 'Folders of a Dataset. Off: none is added or changed, and no operation is about one'),
  aws_actions: flag(true, "Keys and the console as a dataset's role"),
  preview_data: flag(true, kept('Previews of tables')),
  glue_crawler: flag(true, kept('Runs of a Glue crawler')),
  metrics_data: flag(true, kept('Profiles of tables')),
  show_stack_logs: logKey("Who sees the log of a dataset's stack"),
  'generate_metadata_ai.active': flag(true, kept('Descriptions written by Amazon Bedrock')),
  'generate_metadata_ai.max_count_per_day': key({
    schema: z.int().min(0),
    fallback: 25,
    about: kept('How many of them a day'),
  }),
};

type Prefixed<Prefix extends string, Keys> = { [K in keyof Keys as `${Prefix}.${K & string}`]: Keys[K] };

/** @param old modules that have had these keys in a version of data.all, or in its guide */
function within<Prefix extends string, Keys extends Readonly<Record<string, KeyDefinition>>>(
  prefix: Prefix,
  keys: Keys,
  old: readonly string[] = [],
): Prefixed<Prefix, Keys> {
  const entries = Object.entries(keys).map(([name, definition]) => [
    `${prefix}.${name}`,
    { ...definition, ...(old.length > 0 && { alsoAt: old.map((module) => `modules.${module}.features.${name}`) }) },
  ]);
  return Object.fromEntries(entries) as Prefixed<Prefix, Keys>;
}

/** By path. */
export const keyDefinitions = {
  ...within('modules.datasets_base.features', ofEveryDataset, ['s3_datasets', 'datasets']),
  ...within('modules.s3_datasets.features', ofS3Datasets, ['datasets_base', 'datasets']),
  'modules.shares_base.features.show_share_logs': logKey('Who sees the log of a share'),
  'modules.maintenance.custom_maintenance_text': key({
    schema: text,
    fallback: undefined,
    about: 'What people are told during maintenance whose Tenant gives no message',
    alsoAt: ['modules.maintenance.features.custom_maintenance_text'],
  }),
  'modules.mlstudio.features.show_stack_logs': logKey(kept('Who sees the log of its stacks')),
  'modules.notebooks.features.show_stack_logs': logKey(kept('Who sees the log of its stacks')),
  'modules.datapipelines.features.show_stack_logs': logKey(kept('Who sees the log of its stacks')),
  'modules.dashboards.features.shared_dashboards_sessions': key({
    schema: session,
    fallback: 'anonymous',
    about: kept('As whom QuickSight shows a shared dashboard'),
    alsoAt: ['modules.dashboards.features.shared_dashboard_sessions'],
  }),
  'core.features.env_aws_actions': flag(true, "Keys and the console as an environment's or a team's role"),
  'core.features.cdk_pivot_role_multiple_environments_same_account': flag(
    false,
    'Whether the pivot role that a stack makes has its region in its name, so that one account has environments in several regions. An environment that has its role keeps it',
  ),
  'core.features.enable_quicksight_monitoring': flag(false, kept('The database as a source of QuickSight')),
  'core.features.show_stack_logs': logKey("Who sees the log of an environment's stack"),
  'core.features.custom_env_linking_text': key({
    schema: text,
    fallback: undefined,
    about: 'What the form that links an account says besides',
    alsoAt: ['core.custom_env_linking_text'],
  }),
  'core.log_query_period_days': key({
    schema: z.int().min(1).max(3650),
    fallback: 1,
    about:
      "How old a line of a stack's log may be to be shown, in days. (That of a share tells what holds now, of any age)",
    alsoAt: ['core.features.log_query_period_days'],
  }),
} satisfies Readonly<Record<string, KeyDefinition>>;

export type Key = keyof typeof keyDefinitions;
export type ValueOf<K extends Key> = z.output<(typeof keyDefinitions)[K]['schema']>;

export const keys = Object.keys(keyDefinitions) as readonly Key[];

/** Where a key may stand: its own place first. */
export const placesOf = (name: Key): readonly string[] => {
  const { alsoAt = [] }: KeyDefinition = keyDefinitions[name];
  return [name, ...alsoAt];
};
