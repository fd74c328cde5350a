// One version for all that is released: where it is written, whether all of these agree, and how it is written anew. Pure.

/** Files with the version, from the top of the repository, and how each has it: its one group is the version. */
export const VERSION_PLACES: readonly { readonly file: string; readonly of: string; readonly pattern: RegExp }[] = [
  { file: 'package.json', of: 'operator, gateway, indexer and command line', pattern: /^ {2}"version": "([^"]+)"/m },
  { file: 'web/package.json', of: 'web UI', pattern: /^ {2}"version": "([^"]+)"/m },
  { file: 'cdk8s/package.json', of: 'cdk8s package', pattern: /^ {2}"version": "([^"]+)"/m },
  { file: 'charts/dataall/Chart.yaml', of: 'chart', pattern: /^version: (\S+)$/m },
  { file: 'charts/dataall/Chart.yaml', of: 'image that the chart names', pattern: /^appVersion: (\S+)$/m },
];

/** https://semver.org, without build metadata, which a tag of an image cannot have. */
export const isVersion = (text: string): boolean =>
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/.test(text);

/** What keeps `version` from being released, one sentence each. @param textOf the content of a file of VERSION_PLACES, or CHANGELOG.md */
export function versionProblems(version: string, textOf: (file: string) => string): readonly string[] {
  const others = VERSION_PLACES.flatMap(({ file, of, pattern }) => {
    const found = pattern.exec(textOf(file))?.[1] ?? 'none';
    return found === version ? [] : [`${file}: version of the ${of} is ${found} and not ${version}`];
  });
  const isTold = textOf('CHANGELOG.md').split('\n').some((line) => line.startsWith(`## ${version} `) || line === `## ${version}`); // prettier-ignore
  return [
    ...(isVersion(version) ? [] : [`${version} is no version: write it like 0.2.0 or 0.2.0-rc.1`]),
    ...others,
    ...(isTold ? [] : [`CHANGELOG.md has no section "## ${version}"`]),
  ];
}

/** The content of a file with another version in all its places. */
export const withVersion = (file: string, text: string, version: string): string =>
  VERSION_PLACES.filter((place) => place.file === file).reduce(
    (before, { pattern }) =>
      before.replace(pattern, (line: string, found: string) => `${line.slice(0, line.lastIndexOf(found))}${version}${line.slice(line.lastIndexOf(found) + found.length)}`), // prettier-ignore
    text,
  );
