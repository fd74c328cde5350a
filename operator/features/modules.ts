// Modules of data.all by its names: what each needs, and whether this version has it.

interface ModuleDefinition {
  /** Active whenever it is, said or not. */
  readonly needs: readonly string[];
  /** Whether this version has it; what the file says of another is kept for the one that does. */
  readonly isHere: boolean;
  readonly about: string;
}

export const moduleDefinitions = {
  catalog: { needs: [], isHere: true, about: 'Finding data, and the glossary of terms' },
  feed: { needs: [], isHere: false, about: 'Messages about a piece of data' },
  vote: { needs: ['catalog'], isHere: false, about: 'Votes for a piece of data' },
  notifications: { needs: [], isHere: true, about: 'Telling people what concerns them' },
  maintenance: { needs: [], isHere: true, about: 'Windows in which nothing is changed' },
  datasets_base: { needs: [], isHere: true, about: 'What datasets of all sorts have in common' },
  s3_datasets: {
    needs: ['datasets_base', 's3_datasets_shares', 'catalog', 'vote', 'feed'],
    isHere: true,
    about: 'Datasets: a bucket and a Glue database',
  },
  shares_base: { needs: ['datasets_base', 'notifications'], isHere: true, about: 'Requests for access, and decisions' },
  s3_datasets_shares: {
    needs: ['datasets_base', 'shares_base', 'notifications'],
    isHere: true,
    about: 'Sharing of tables, folders and buckets',
  },
  redshift_datasets: {
    needs: ['datasets_base', 'catalog', 'vote', 'feed'],
    isHere: false,
    about: 'Datasets in Amazon Redshift',
  },
  redshift_datasets_shares: {
    needs: ['redshift_datasets', 'shares_base', 'notifications'],
    isHere: false,
    about: 'Sharing of tables in Amazon Redshift',
  },
  metadata_forms: { needs: [], isHere: false, about: 'Forms of an organization for what it wants known of its data' },
  worksheets: { needs: ['s3_datasets'], isHere: false, about: 'Queries with Amazon Athena' },
  dashboards: { needs: ['catalog', 'vote', 'feed'], isHere: false, about: 'Dashboards of Amazon QuickSight' },
  notebooks: { needs: [], isHere: false, about: 'Notebooks of Amazon SageMaker' },
  mlstudio: { needs: [], isHere: false, about: 'Users of Amazon SageMaker Studio' },
  datapipelines: { needs: ['feed'], isHere: false, about: 'Pipelines of CI/CD' },
  omics: { needs: [], isHere: false, about: 'Workflows of AWS HealthOmics' },
} as const satisfies Readonly<Record<string, ModuleDefinition>>;

export type ModuleName = keyof typeof moduleDefinitions;

export const moduleNames = Object.keys(moduleDefinitions) as readonly ModuleName[];

export const isModuleName = (name: string): name is ModuleName => Object.hasOwn(moduleDefinitions, name);

/** What a module needs, what that needs, and so on. */
export function needsOf(name: ModuleName, found = new Set<ModuleName>()): ReadonlySet<ModuleName> {
  const needs: readonly ModuleName[] = moduleDefinitions[name].needs;
  for (const need of needs)
    if (!found.has(need)) {
      found.add(need);
      needsOf(need, found);
    }
  return found;
}
