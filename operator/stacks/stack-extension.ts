// How an installation adds resources of its own to every stack of a kind: a module that exports `extension`.
// See README.md in this folder.
import type { Stack } from 'aws-cdk-lib';
import type { DatasetStackProps, EnvironmentStackProps, TeamStackProps } from './stack-props.ts';

/**
 * Each function adds constructs to a stack that already holds ours. It must give the same resources for the same props: a difference
 * is a change set. No assets, no Lambda-backed custom resources, and no document that the engine owns (bucket policies and key policies
 * of datasets, Lake Formation settings, registrations and grants).
 */
export interface StackExtension {
  environment?(stack: Stack, props: EnvironmentStackProps): void;
  team?(stack: Stack, props: TeamStackProps): void;
  dataset?(stack: Stack, props: DatasetStackProps): void;
}

/** Loads extensions by module specifier: a package, or an absolute path or file URL. @throws Error naming the module that is none */
export const loadExtensions = async (modules: readonly string[]): Promise<readonly StackExtension[]> =>
  await Promise.all(
    modules.map(async (specifier) => {
      const { extension } = (await import(specifier)) as { extension?: StackExtension };
      if (typeof extension !== 'object')
        throw new Error(`stack extension ${specifier} does not export an object named extension`);
      return extension;
    }),
  );
